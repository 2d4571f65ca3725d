import { PAGE_FIELDS } from '../wire/rest/pages.ts';
import { flag, message, oneOf, text, type Of } from '../wire/rest/proto-json.ts';
import { keyMessage } from './key-message.ts';

const PACKAGE = 'google.api.apikeys.v2';
const CHECK_EXISTING_USAGE = { CHECK_EXISTING_USAGE_UNSPECIFIED: 0, SKIP: 1, CHECK: 2 };
const usageCheck = oneOf(`${PACKAGE}.CheckExistingUsage`, CHECK_EXISTING_USAGE);
/** The requests of apikeys.proto, and `checkExistingUsage`, which only REST has. */
export const listRequest = message(`${PACKAGE}.ListKeysRequest`, { ...PAGE_FIELDS, showDeleted: flag });
export const createRequest = message(`${PACKAGE}.CreateKeyRequest`, { key: keyMessage, keyId: text });
export const updateRequest = message(`${PACKAGE}.UpdateKeyRequest`, {
  key: keyMessage,
  updateMask: text,
  checkExistingUsage: usageCheck,
});
export const deleteRequest = message(`${PACKAGE}.DeleteKeyRequest`, { etag: text, checkExistingUsage: usageCheck });
export const undeleteRequest = message(`${PACKAGE}.UndeleteKeyRequest`, { name: text, etag: text });

/** Whether a write asks first if the key was used of late; only REST has it. */
export type UsageCheck = Of<typeof usageCheck>;
