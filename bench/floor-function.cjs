/** The floor of the cold start: the least function that reads one secret with the same client library and transport. */
const { http } = require('@google-cloud/functions-framework');
const { SecretManagerServiceClient } = require('@google-cloud/secret-manager');
const { PassThroughClient } = require('google-auth-library');
const process = require('node:process');

const { hostname, port } = new URL(process.env.BENCH_CLOUD);
const client = new SecretManagerServiceClient({
  apiEndpoint: hostname,
  port: Number(port),
  protocol: 'http',
  fallback: true,
  authClient: new PassThroughClient(),
});

http('floor', async (_, response) => {
  await client.accessSecretVersion({ name: process.env.BENCH_VERSION });
  response.status(200).end();
});
