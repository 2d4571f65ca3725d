// Google's Node clients against the pretend cloud: `node walk.js HTTP_ADDRESS GRPC_ADDRESS`.
import { MetricServiceClient } from '@google-cloud/monitoring';
import { PubSub } from '@google-cloud/pubsub';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { PassThroughClient } from 'google-auth-library';
import process from 'node:process';

const [, , http, grpc] = process.argv;
const { hostname, port } = new URL(http);
const [, grpcPort] = grpc.split(':');
process.env.PUBSUB_EMULATOR_HOST = grpc;
const overRest = {
  apiEndpoint: hostname,
  port: Number(port),
  protocol: 'http',
  fallback: true,
  authClient: new PassThroughClient(),
};
const project = 'projects/demo-project';
let passed = 0;

function check(what, holds) {
  if (!holds) throw new Error(`node: ${what} does not hold`);
  passed += 1;
}

const secrets = new SecretManagerServiceClient(overRest);
const [secret] = await secrets.createSecret({
  parent: project,
  secretId: 'node',
  secret: { replication: { automatic: {} } },
});
check('create a secret', secret.name.endsWith('/secrets/node'));
await secrets.addSecretVersion({ parent: secret.name, payload: { data: Buffer.from('one') } });
const [read] = await secrets.accessSecretVersion({ name: `${secret.name}/versions/latest` });
check('access latest', read.payload.data.toString() === 'one');
const [policy] = await secrets.getIamPolicy({ resource: secret.name });
const bindings = [{ role: 'roles/secretmanager.secretAccessor', members: ['user:ann@example.com'] }];
const [set] = await secrets.setIamPolicy({ resource: secret.name, policy: { ...policy, bindings } });
check('set a policy', set.bindings.length === 1);

const metrics = new MetricServiceClient(overRest);
const now = Math.floor(Date.now() / 1000);
const [series] = await metrics.listTimeSeries({
  name: project,
  filter: 'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api"',
  interval: { startTime: { seconds: now - 3600 }, endTime: { seconds: now } },
});
check('list time series', series.length === 0);

const pubsub = new PubSub({ projectId: 'demo-project' });
const [topic] = await pubsub.createTopic('node');
const [inbox] = await topic.createSubscription('node');
const heard = new Promise((resolve) => {
  inbox.on('message', (message) => {
    message.ack();
    if (message.attributes.eventType === 'SECRET_UPDATE') resolve(message.attributes.secretId);
  });
});
await secrets.updateSecret({
  secret: { name: secret.name, topics: [{ name: topic.name }] },
  updateMask: { paths: ['topics'] },
});
check('hear an event of Secret Manager by StreamingPull', (await heard) === secret.name);
await inbox.close();
check('the gRPC port is the one that is told', Number(grpcPort) > 0);
process.stdout.write(`node: ${passed} passed, 0 failed\n`);
process.exit(0);
