import { expect, test } from '@jest/globals';
import { bookTrouble } from '../../../src/app/listing/book-trouble.ts';
import { Fault } from '../../../src/app/ports/fault.ts';

const BOOK = 'projects/ops-prod/secrets/key-warden-silences';

test('a secret of the worker’s own that was never made is told with the command that makes it', () => {
  expect(bookTrouble(BOOK, new Fault('not_found', 'It is not there.'))).toBe(
    'It is not there. To make it: gcloud secrets create key-warden-silences --replication-policy=automatic --project=ops-prod',
  );
});

test('one in a region is made there', () => {
  const regional = 'projects/ops-prod/locations/europe-west1/secrets/silences';
  expect(bookTrouble(regional, new Fault('not_found', 'It is not there.'))).toBe(
    'It is not there. To make it: gcloud secrets create silences --location=europe-west1 --project=ops-prod',
  );
});

test('other trouble is told as it is', () => {
  expect(bookTrouble(BOOK, new Fault('denied', 'Access is missing.'))).toBe('Access is missing');
});

test('what is no full name is left to be filled in', () => {
  expect(bookTrouble('silences', new Fault('not_found', 'It is not there.'))).toMatch(
    /^It is not there\. To make it: gcloud secrets create SECRET\S* /,
  );
});
