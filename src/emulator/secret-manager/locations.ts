import { ApiError } from '../wire/api-error.ts';
import { notServed } from '../wire/not-served.ts';
import { REGIONS } from '../world/regions.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { message, readRoot, text } from '../wire/rest/proto-json.ts';
import type { Rpc } from './world.ts';

const PAGES = { usual: 100, most: 1000 };

const request = message('google.cloud.location.ListLocationsRequest', { name: text, ...PAGE_FIELDS, filter: text });

export const listLocations: Rpc = (world, caller, sent) => {
  const { name = '', filter = '', ...wish } = readRoot(request, sent);
  const project = projectOf(name);
  world.iam.require(caller, 'secretmanager.locations.list', { project, name });
  if (filter !== '') throw notServed('secretmanager', 'ListLocationsRequest.filter');
  const { items, ...next } = pageOf(REGIONS, wish, PAGES);
  return { locations: items.map((region) => locationJson(world.names.numberOf(project), region)), ...next };
};

export const getLocation: Rpc = (world, caller, sent) => {
  const { name = '' } = readRoot(request, sent);
  const project = projectOf(name);
  world.iam.require(caller, 'secretmanager.locations.get', { project, name });
  const region = REGIONS.find((known) => name.endsWith(`/locations/${known}`));
  if (region === undefined) throw new ApiError('NOT_FOUND', `Location ${name.split('/').at(-1)} not found.`);
  return locationJson(world.names.numberOf(project), region);
};

function projectOf(name: string): string {
  return name.split('/')[1] ?? '';
}

function locationJson(projectNumber: string, region: string): Readonly<Record<string, string>> {
  return { name: `projects/${projectNumber}/locations/${region}`, locationId: region };
}
