import { describe, expect, test } from '@jest/globals';
import { endpointOf } from '../../../src/edge/google/endpoints.ts';

describe('the URL of an API', () => {
  test.each([
    ['https://host.example', 'https', 'host.example', 443, 'https://host.example', ''],
    ['https://host.example:8443/gemini/', 'https', 'host.example', 8443, 'https://host.example:8443', '/gemini'],
    ['http://127.0.0.1:8080', 'http', '127.0.0.1', 8080, 'http://127.0.0.1:8080', ''],
    ['http://localhost', 'http', 'localhost', 80, 'http://localhost', ''],
    ['http://[::1]:9/', 'http', '[::1]', 9, 'http://[::1]:9', ''],
  ])('%s is taken apart', (url, protocol, host, port, origin, prefix) => {
    expect(endpointOf('Gemini API', url)).toEqual({ protocol, host, port, origin, prefix });
  });

  test.each(['http://host.example', 'http://10.0.0.1:8080', 'http://127.0.0.1.example.com', 'http://1270.0.0.1'])(
    'plain http to another machine (%s) is refused',
    (url) => {
      expect(() => endpointOf('Gemini API', url)).toThrow(/Gemini API URL/);
    },
  );

  test('the refusal says why and what to write instead', () => {
    expect(() => endpointOf('Gemini API', 'http://host.example')).toThrow(
      'The Gemini API URL is plain http to host.example, which would send secrets readable over the network. ' +
        'Use https; plain http is only for a pretend cloud on 127.0.0.1.',
    );
  });

  test.each(['', 'host.example', 'ftp://host.example', 'file:///etc/passwd'])('"%s" is not one', (url) => {
    expect(() => endpointOf('Gemini API', url)).toThrow(
      'The Gemini API URL is not an https address. Write it like https://host.example.',
    );
  });

  test.each([
    'https://me@host.example',
    'https://:word@host.example',
    'https://host.example/?key=abc',
    'https://host.example/#abc',
  ])('one that could hold a credential (%s) is refused without repeating it', (url) => {
    expect(() => endpointOf('Gemini API', url)).toThrow(
      'The Gemini API URL has a user, a query or a fragment. Write only https://host.example.',
    );
  });
});
