import type { PlaceReader } from '../../app/ports/place-reader.ts';
import type { AwsOptions } from './aws.ts';
import type { AzureOptions } from './azure.ts';

/** Where each vendor's client goes, and what it starts; all as it finds it by itself when left out. */
export interface PlaceReaderOptions {
  readonly aws?: AwsOptions | undefined;
  readonly azure?: AzureOptions | undefined;
  /** The program for Kubernetes, on the path or by its own. */
  readonly kubectl?: string | undefined;
}

/** Reads keys where other vendors keep them. Nothing of theirs is loaded before a place of theirs is asked for. */
export function placeReader({ aws, azure, kubectl }: PlaceReaderOptions = {}): PlaceReader {
  return {
    async read(place) {
      switch (place.kind) {
        case 'aws-sm':
          return (await import('./aws.ts')).awsSecretValue(place.id, aws);
        case 'aws-ssm':
          return (await import('./aws.ts')).parameterValue(place.name, aws);
        case 'azure-kv':
          return (await import('./azure.ts')).keyVaultValue(place.vault, place.name, azure);
        case 'k8s':
          return (await import('./kubernetes.ts')).kubernetesValue(place, kubectl);
      }
    },
  };
}
