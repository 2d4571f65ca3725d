/**
 * What Google says of an API that is not enabled in a project, with 403 PERMISSION_DENIED. `Help` stands before
 * `ErrorInfo`, as a user's report has it, so that nobody looks only at the first detail.
 */
export function disabledService(
  service: string,
  title: string,
  project: string,
): { readonly message: string; readonly details: readonly Readonly<Record<string, unknown>>[] } {
  const activationUrl = `https://console.developers.google.com/apis/api/${service}/overview?project=${project}`;
  const message =
    `${title} has not been used in project ${project} before or it is disabled. Enable it by visiting ` +
    `${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to ` +
    'our systems and retry.';
  const metadata = {
    service,
    consumer: `projects/${project}`,
    activationUrl,
    serviceTitle: title,
    containerInfo: project,
  };
  return {
    message,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url: activationUrl }],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        domain: 'googleapis.com',
        metadata,
      },
      { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
    ],
  };
}
