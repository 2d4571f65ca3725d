import { LOOKS } from './looks.ts';
import {
  accountsIn,
  environmentOf,
  FIRST,
  FUNCTIONS,
  functionsOf,
  memberOf,
  type FunctionName,
  type Place,
} from './place.ts';
import { iapAgentOf, NO_NUMBER } from './project-rows.ts';
import { APPLY, type Rows } from './row.ts';
import { grants, jsonOf, recordIn, textIn, unseen, type Flaw, type See, type Sighted } from './sighted.ts';

/** What runs: the archive, the images, the functions, and who may call them. */
export const FUNCTION_ROWS: Rows = {
  'google_storage_bucket.source': {
    title: 'bucket of the archive',
    shownBy: ['bucket'],
    mend: APPLY,
    find: (place, see) => [see(`bucket ${bucketOf(place)}`, LOOKS.bucket(place.project, bucketOf(place)))],
  },
  'google_storage_bucket_object.source': {
    title: 'archive that is deployed',
    shownBy: ['object'],
    mend: APPLY,
    find: (place, see) => {
      const source = recordIn(recordIn(jsonOf(place.functions.get(FIRST)), 'buildConfig'), 'source');
      const stored = recordIn(source, 'storageSource');
      const [bucket, object] = [textIn(stored, 'bucket'), textIn(stored, 'object')];
      if (!NAME.test(bucket) || !NAME.test(object))
        return [unseen('archive', `is not known by name: ${FIRST} says where it is`)];
      return [see(`object ${object}`, LOOKS.object(place.project, bucket, object))];
    },
  },
  'google_artifact_registry_repository.images': {
    title: 'repository of images',
    shownBy: ['repository'],
    mend: APPLY,
    find: ({ project, region, name }, see) => [
      see(`repository ${name}-images`, LOOKS.repository(project, region, `${name}-images`), cleanedUp),
    ],
  },
  'google_artifact_registry_repository_iam_member.build': {
    title: 'who stores images there',
    shownBy: ['repositoryPolicy'],
    mend: APPLY,
    find: (place, see) => [
      see(
        `policy of ${place.name}-images`,
        LOOKS.repositoryPolicy(place.project, place.region, `${place.name}-images`),
        grants('roles/artifactregistry.writer', memberOf(place, 'build')),
      ),
    ],
  },
  'google_cloudfunctions2_function.first': {
    title: 'function that is built first',
    shownBy: ['deployedFunction'],
    mend: `${APPLY}; after a 409, terraform/way-out prints what to do`,
    find: (place, see) => [deployed(place, see, FIRST)],
  },
  'google_cloudfunctions2_function.worker': {
    title: 'functions',
    shownBy: ['deployedFunction'],
    mend: `${APPLY}; after a 409, terraform/way-out prints what to do`,
    find: (place, see) =>
      functionsOf(place)
        .filter((name) => name !== FIRST)
        .map((name) => deployed(place, see, name)),
  },
  'google_cloud_run_v2_service_iam_member.invoker': {
    title: 'who may call them',
    shownBy: ['servicePolicy'],
    mend: APPLY,
    find: (place, see) =>
      functionsOf(place).flatMap((name) =>
        callersOf(place, name).map((member) => {
          const policy = `policy of ${place.name}-${name}`;
          if (member === undefined) return unseen(policy, `names an agent that ${NO_NUMBER}`);
          const look = LOOKS.servicePolicy(place.project, place.region, `${place.name}-${name}`);
          return see(policy, look, grants('roles/run.invoker', member));
        }),
      ),
  },
};

function deployed({ project, region, name }: Place, see: See, one: FunctionName): Promise<Sighted> {
  return see(`function ${name}-${one}`, LOOKS.deployedFunction(project, region, `${name}-${one}`), active);
}

/** Whoever the function itself takes calls from, and the account that calls or pushes; `undefined` for an agent whose name is not known. */
function callersOf(place: Place, name: FunctionName): readonly (string | undefined)[] {
  const { calledBy } = FUNCTIONS[name];
  if (calledBy === 'iap') return [iapAgentOf(place)];
  if (calledBy === 'anybody') return ['allUsers'];
  const environment = environmentOf(place.functions.get(name));
  const told = [
    ...accountsIn(environment, 'KEY_WARDEN_CALLERS'),
    ...accountsIn(environment, 'KEY_WARDEN_LEAK_CALLERS'),
  ];
  return [
    ...new Set([
      ...(calledBy === 'callers' ? [] : [memberOf(place, calledBy)]),
      ...told.map((email) => `serviceAccount:${email}`),
    ]),
  ];
}

function bucketOf({ project, name }: Place): string {
  return `${project}-${name}-source`;
}

/** Names of buckets and objects that the module gives; they become part of a path. */
const NAME = /^[a-z0-9][\w.-]*$/;

const active: Flaw = (json) => {
  const state = textIn(json, 'state');
  return state === 'ACTIVE' ? undefined : `is ${state}`;
};

const cleanedUp: Flaw = ({ cleanupPolicies }) =>
  cleanupPolicies === undefined ? 'has no policy that cleans it up' : undefined;
