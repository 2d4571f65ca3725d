import { ApiError } from '../wire/api-error.ts';
import { PAGE_FIELDS } from '../wire/rest/pages.ts';
import { message, readRoot, text } from '../wire/rest/proto-json.ts';
import type { Rpc, World } from './world.ts';

/** A few of the regions that serve regional secrets; enough for a client that lists them. */
const REGIONS = ['asia-east1', 'europe-west1', 'europe-west3', 'us-central1', 'us-east1', 'us-west1'];

const request = message('google.cloud.location.ListLocationsRequest', { name: text, ...PAGE_FIELDS, filter: text });

export const listLocations: Rpc = (world, caller, sent) => {
  const { name = '' } = readRoot(request, sent);
  const project = projectOf(world, name);
  world.iam.require(caller, 'secretmanager.locations.list', { project, name });
  return { locations: REGIONS.map((region) => locationJson(project, region)) };
};

export const getLocation: Rpc = (world, caller, sent) => {
  const { name = '' } = readRoot(request, sent);
  const project = projectOf(world, name);
  world.iam.require(caller, 'secretmanager.locations.get', { project, name });
  const region = REGIONS.find((known) => name.endsWith(`/locations/${known}`));
  if (region === undefined) throw new ApiError('NOT_FOUND', `Location ${name.split('/').at(-1)} not found.`);
  return locationJson(project, region);
};

function projectOf(world: World, name: string): string {
  return world.names.numberOf(name.split('/')[1] ?? '');
}

function locationJson(projectNumber: string, region: string): Readonly<Record<string, string>> {
  return { name: `projects/${projectNumber}/locations/${region}`, locationId: region };
}
