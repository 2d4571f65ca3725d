/**
 * What the members of an error are called. Google's own names are few; everybody who passes an answer on invents more:
 * `responseBody`, `rawErrorMessage`, `httpResponseCode`, `textPayload`, `errorDescription`.
 */

/** What people and models wrote is not evidence: an answer *about* API errors must not be read as one. */
const NOT_EVIDENCE = new Set(
  'candidates content contents parts text prompt input output outputs choices messages systemInstruction links models config'.split(
    ' ',
  ),
);
const REQUEST = /request(?!_?error)/i;
const MESSAGE =
  /(?:message|msg|error|error_?description|details?|body|payload|cause|exception)$|^(?:log|value|stack|stderr)$/i;
const CODE = /^(?:https?|grpc)?_?(?:response|status|error)?_?(?:code|status)$/i;

/** The member holds what was asked, or what a model answered. */
export function isNotEvidence(name: string): boolean {
  return NOT_EVIDENCE.has(name) || REQUEST.test(name);
}

/** The member holds words about what went wrong, or a quoted answer. */
export function isMessageName(name: string): boolean {
  return MESSAGE.test(name) && !isNotEvidence(name);
}

/** The member holds a status, as a number or a word. */
export function isCodeName(name: string): boolean {
  return CODE.test(name);
}
