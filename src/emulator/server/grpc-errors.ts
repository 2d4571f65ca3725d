import type { Buffer } from 'node:buffer';
import { grpc, type protobuf } from 'google-gax';
import { ApiError, HTTP_STATUS, type RpcStatus } from '../wire/api-error.ts';
import type { Reply } from '../wire/http.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import { encoded, statusType } from './grpc-messages.ts';

/** Makes the function that turns what a call threw into how gRPC says it, details included. */
export function grpcErrors(): (error: unknown) => Partial<grpc.StatusObject> {
  const type = statusType();
  return (error) => {
    if (!(error instanceof ApiError)) return { code: grpc.status.INTERNAL, details: 'Internal error encountered.' };
    const { status, message, details } = error;
    const code = grpc.status[status];
    const metadata = new grpc.Metadata();
    if (details.length > 0) {
      const bytes = encodedStatus(type, { code, message, details });
      if (bytes !== undefined) metadata.set('grpc-status-details-bin', bytes);
    }
    return { code, details: message, metadata };
  };
}

/** A detail that the protos do not have is left out with all the others: the status itself still arrives. */
function encodedStatus(type: protobuf.Type, status: unknown): Buffer | undefined {
  try {
    return encoded(type, status);
  } catch {
    return undefined;
  }
}

/** An answer with another status than 200 as the error that it means: in Google's envelope, or whatever came instead. */
export function errorIn({ status, body }: Reply): ApiError {
  const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : {};
  const names = Object.keys(HTTP_STATUS).filter((name): name is RpcStatus => Object.hasOwn(HTTP_STATUS, name));
  const named = names.find((name) => name === error['status']) ?? names.find((name) => HTTP_STATUS[name] === status);
  const message = typeof error['message'] === 'string' ? error['message'] : `answered with HTTP status ${status}`;
  const details = Array.isArray(error['details']) ? error['details'] : [];
  return new ApiError(named ?? 'UNAVAILABLE', message, details);
}
