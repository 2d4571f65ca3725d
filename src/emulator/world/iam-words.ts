import { ApiError } from '../wire/api-error.ts';

/**
 * PERMISSION_DENIED in the words of the service that the permission belongs to: Pub/Sub names neither permission nor
 * resource, Monitoring no resource, and Secret Manager both, in an `ErrorInfo` too. Those of the API Keys API and of
 * binding keys are not settled.
 */
export function permissionDenied(permission: string, resource: string): ApiError {
  switch (permission.slice(0, permission.indexOf('.'))) {
    case 'pubsub':
      return new ApiError('PERMISSION_DENIED', 'User not authorized to perform this action.');
    case 'monitoring':
      return new ApiError('PERMISSION_DENIED', `Permission ${permission} denied (or the resource may not exist).`);
    // google-github-actions/deploy-cloudrun#182
    case 'run':
      return new ApiError(
        'PERMISSION_DENIED',
        `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
      );
    case 'cloudscheduler':
      return new ApiError(
        'PERMISSION_DENIED',
        `The principal (user or service account) lacks IAM permission "${permission}" for the resource "${resource}" ` +
          '(or the resource may not exist).',
      );
    default:
      return named(permission, resource);
  }
}

function named(permission: string, resource: string): ApiError {
  const preposition = permission.startsWith('iam.') ? 'on' : 'for';
  const message = `Permission '${permission}' denied ${preposition} resource '${resource}' (or it may not exist).`;
  return new ApiError('PERMISSION_DENIED', message, [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'IAM_PERMISSION_DENIED',
      domain: 'iam.googleapis.com',
      metadata: { permission, resource },
    },
  ]);
}

/**
 * What a project is answered that there is not, or that the caller cannot see: Pub/Sub has words of its own, the others
 * those of Google's front end.
 */
export function unknownProject(permission: string, project: string): ApiError {
  if (permission.startsWith('pubsub.'))
    return new ApiError(
      'NOT_FOUND',
      `Requested project not found or user does not have access to it (project=${project}). Make sure to specify the ` +
        'unique project identifier and not the Google Cloud Console display name.',
    );
  const service = `${permission.slice(0, permission.indexOf('.'))}.googleapis.com`;
  const url = 'https://console.developers.google.com';
  return new ApiError('PERMISSION_DENIED', `Permission denied on resource project ${project}.`, [
    { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description: 'Google developers console', url }] },
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'CONSUMER_INVALID',
      domain: 'googleapis.com',
      metadata: { consumer: `projects/${project}`, service },
    },
  ]);
}
