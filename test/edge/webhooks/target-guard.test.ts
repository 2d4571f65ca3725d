import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressProblem, reachOf } from '../../../src/edge/webhooks/target-guard.ts';

describe('an address', () => {
  test.each(['8.8.8.8', '2606:4700::1', '2a00:1450:4001::1', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(addressProblem(address, 'public')).toBeUndefined();
    expect(addressProblem(address, 'internal')).toBeUndefined();
  });

  test.each([
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['fd12:3456::1', 'uniqueLocal'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:127.0.0.1', 'loopback'],
  ])('%s is for a named internal host only', (address, range) => {
    expect(addressProblem(address, 'public')).toBe(`the target’s address is not public (${range})`);
    expect(addressProblem(address, 'internal')).toBeUndefined();
  });

  test.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '169.254.0.1',
    'fe80::1',
    'fd20:ce::254',
    'fd20:00ce:0000::0254',
    '0.0.0.0',
    '::',
    '100.100.100.200',
    '192.0.2.1',
    '198.18.0.1',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2001:0:1::1',
    '2001:db8::1',
    '::a9fe:a9fe',
    '::7f00:1',
    '4000::1',
    'fec0::1',
    'ff02::1',
  ])('%s is for nobody', (address) => {
    expect(addressProblem(address, 'public')).toMatch(/^the target’s address is not public/);
    expect(addressProblem(address, 'internal')).toMatch(/^the target’s address is not public/);
  });

  test.each(['', 'metadata', '[::1]'])('"%s" is none', (address) => {
    expect(addressProblem(address, 'internal')).toBe('the target has no address');
  });

  test('of any private or link-local network is refused, however it is put into IPv6', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const inside = fc.oneof(
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    );
    fc.assert(
      fc.property(inside, fc.constantFrom('', '::ffff:', '::', '64:ff9b::'), ([a, b, c, d], prefix) => {
        expect(addressProblem(`${prefix}${a}.${b}.${c}.${d}`, 'public')).toMatch(/not public/);
      }),
    );
  });
});

describe('how far a target may reach', () => {
  const ALLOWED = ['https://hooks.corp.internal:8443', 'http://127.0.0.1:8085'];
  const reach = (url: string) => reachOf(new URL(url), ALLOWED);

  test('is public for https on its usual port', () => {
    expect(reach('https://hooks.example/x')).toBe('public');
    expect(reach('https://hooks.example:443/x')).toBe('public');
  });

  test('is internal for what the setting names, to the port', () => {
    expect(reach('https://hooks.corp.internal:8443/x')).toBe('internal');
    expect(reach('http://127.0.0.1:8085/x')).toBe('internal');
    expect(reach('https://hooks.corp.internal/x')).toBe('public');
    expect(reach('http://127.0.0.1:8086/x')).toEqual({ problem: 'the target is not https' });
  });

  test.each([
    ['http://hooks.example', 'the target is not https'],
    ['ftp://hooks.example', 'the target is not https'],
    ['https://hooks.example:6379', 'the target’s port is 6379 and not 443'],
    ['https://metadata.google.internal', 'the target is the metadata server'],
    ['https://metadata.google.internal./x', 'the target is the metadata server'],
    ['http://METADATA/x', 'the target is the metadata server'],
  ])('ends before %s', (url, problem) => {
    expect(reach(url)).toEqual({ problem });
    expect(reachOf(new URL(url), [new URL(url).origin])).toEqual(
      url.toLowerCase().includes('metadata') ? { problem } : 'internal',
    );
  });
});
