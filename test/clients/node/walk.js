// Google's Node clients against the pretend cloud: `node walk.js HTTP_ADDRESS GRPC_ADDRESS`.
import { AssetServiceClient } from '@google-cloud/asset';
import { v2 as functionsV2 } from '@google-cloud/functions';
import { MetricServiceClient } from '@google-cloud/monitoring';
import { PubSub } from '@google-cloud/pubsub';
import { JobsClient, RevisionsClient, ServicesClient, WorkerPoolsClient } from '@google-cloud/run';
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

const place = `${project}/locations/europe-west1`;
const container = {
  image: 'app',
  env: [{ name: 'KEY', valueSource: { secretKeyRef: { secret: 'node', version: 'latest' } } }],
};
const services = new ServicesClient(overRest);
// the project's default account reads the secret at the start of an instance
await secrets.setIamPolicy({
  resource: secret.name,
  policy: { bindings: [{ role: 'roles/secretmanager.secretAccessor', members: ['allUsers'] }] },
});
const [making] = await services.createService({
  parent: place,
  serviceId: 'api',
  service: { template: { containers: [container] } },
});
const [made] = await making.promise();
check('deploy a service and wait for its operation', Number(made.observedGeneration) === 1);
const [listedServices] = await services.listServices({ parent: place });
check('list services', listedServices.length === 1 && listedServices[0].name === `${place}/services/api`);
const [changing] = await services.updateService({
  service: {
    name: made.name,
    etag: made.etag,
    template: { annotations: { rotation: 'one' }, containers: [container] },
  },
  updateMask: { paths: ['template'] },
});
const [changed] = await changing.promise();
check('a changed template is a new revision', changed.latestReadyRevision !== made.latestReadyRevision);
const [revisions] = await new RevisionsClient(overRest).listRevisions({ parent: made.name });
check('list revisions, the newest first', revisions.length === 2 && revisions[0].name === changed.latestReadyRevision);
check(
  'a stale etag is refused as ABORTED',
  await services
    .updateService({
      service: { name: made.name, etag: made.etag, labels: { a: 'b' } },
      updateMask: { paths: ['labels'] },
    })
    .then(
      () => false,
      (error) => error.code === 10,
    ),
);
const jobs = new JobsClient(overRest);
const [job] = await (
  await jobs.createJob({
    parent: place,
    jobId: 'nightly',
    job: { template: { template: { containers: [container] } } },
  })
)[0].promise();
check('make a job', job.name === `${place}/jobs/nightly`);
await jobs.runJob({ name: job.name });
check('run it', (await jobs.getJob({ name: job.name }))[0].executionCount === 1);
const pools = new WorkerPoolsClient(overRest);
await pools.createWorkerPool({
  parent: place,
  workerPoolId: 'pool',
  workerPool: { template: { containers: [container] } },
});
check('list worker pools', (await pools.listWorkerPools({ parent: place }))[0].length === 1);
const functions = new functionsV2.FunctionServiceClient(overRest);
const [building] = await functions.createFunction({
  parent: place,
  functionId: 'hello',
  function: {
    serviceConfig: {
      secretEnvironmentVariables: [{ key: 'KEY', projectId: 'demo-project', secret: 'node', version: '1' }],
    },
  },
});
const [built] = await building.promise();
check('build a function and wait for its operation', built.serviceConfig.service === `${place}/services/hello`);
const [everywhere] = await functions.listFunctions({ parent: `${project}/locations/-` });
check('list functions of all regions', everywhere.length === 1);
const assets = new AssetServiceClient(overRest);
const scope = 'organizations/100000000001';
const [found] = await assets.searchAllResources({ scope, assetTypes: ['run.googleapis.com.*'] });
check('search an organisation', found.length >= 3 && found[0].organization === scope);
check('the gRPC port is the one that is told', Number(grpcPort) > 0);
process.stdout.write(`node: ${passed} passed, 0 failed\n`);
process.exit(0);
