import type { JsonObject } from '../wire/rest/json-body.ts';
import { utcText } from '../wire/rest/micros.ts';
import type { Asset } from '../world/asset.ts';

const PROJECT = 'cloudresourcemanager.googleapis.com/Project';

/** A resource as a search shows it (`ResourceSearchResult`): its own settings are not in it. */
export function assetJson(asset: Asset, number: string, above: readonly string[]): JsonObject {
  const { type, name, project, location, createdAt, labels } = asset;
  const folders = above.filter((one) => one.startsWith('folders/'));
  const [nearest = ''] = above;
  const host = type.slice(0, type.indexOf('/'));
  const parent = type === PROJECT ? nearest : `projects/${project}`;
  return {
    name: `//${host}/${name}`,
    assetType: type,
    project: `projects/${number}`,
    ...(folders.length > 0 && { folders }),
    organization: above.at(-1),
    displayName: type === PROJECT ? project : name.slice(name.lastIndexOf('/') + 1),
    location,
    ...(labels !== undefined && { labels }),
    ...(createdAt !== undefined && { createTime: utcText(createdAt) }),
    ...(type === PROJECT && { state: 'ACTIVE', additionalAttributes: { projectId: project } }),
    parentFullResourceName: `//cloudresourcemanager.googleapis.com/${parent}`,
    parentAssetType: parent.startsWith('projects/')
      ? PROJECT
      : `cloudresourcemanager.googleapis.com/${parent.startsWith('folders/') ? 'Folder' : 'Organization'}`,
  };
}

/** A project, which was always there. */
export function projectAsset(project: string): Asset {
  return { type: PROJECT, name: `projects/${project}`, project, location: 'global' };
}
