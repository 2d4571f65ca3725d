import type { Receipt } from '../../app/ports/notify-ports.ts';
import { isRecord } from '../../core/values/json.ts';
import { networkTroubleOf } from '../http/network-trouble.ts';
import { isTargetRefused } from '../webhooks/guarded-dispatcher.ts';

/** What a relay's code means here (RFC 5321, 4.2.1): 4yz may work in a while, 5yz does not. None of its words is kept; `whom` is said behind the code. */
export function receiptForCode(code: number, whom = ''): Receipt {
  const why = `it answered ${code}${whom}`;
  return code >= 500 ? { is: 'refused', why } : { is: 'later', why };
}

/** What became of a mail that was not taken, from the library's error: its codes alone, for its message repeats the relay's. */
export function receiptForError(error: unknown): Receipt {
  if (isTargetRefused(error)) return { is: 'refused', why: error.message };
  const { code, originalCode, responseCode, cause } = isRecord(error) ? error : {};
  if (code === 'ETLS') return TLS;
  if (typeof responseCode === 'number') return receiptForCode(responseCode);
  switch (code) {
    case 'ETIMEDOUT':
    case 'EABORT':
      return { is: 'later', why: 'no answer in time' };
    case 'EPROTOCOL':
      return { is: 'later', why: 'what answered does not speak SMTP' };
    case 'ECONNECTION':
      return { is: 'later', why: 'the connection broke' };
    default:
      return { is: 'later', why: networkTroubleOf({ code: originalCode ?? code, cause }).detail };
  }
}

const TLS: Receipt = { is: 'later', why: 'no secure connection: it offers no STARTTLS, or the TLS handshake failed' };
