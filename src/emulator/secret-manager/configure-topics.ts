import { ApiError } from '../wire/api-error.ts';
import type { TopicBoard } from '../world/topics.ts';
import { TOPIC_CONFIGURED } from './events.ts';

/**
 * Checks the topics of a create or of a patch that names them, and publishes TOPIC_CONFIGURED to each. This comes
 * before every other validation, so a call refused later has published all the same (measured by kmoneil/zig-gcp).
 * That the first bad topic ends it, with those before it already told, is not settled.
 */
export function configureTopics(board: TopicBoard, projectNumber: string, topics: readonly string[]): void {
  if (topics.length > 10) throw invalid('No more than 10 topics can be configured on a secret.');
  if (new Set(topics).size < topics.length) throw invalid('Topics must have distinct names.');
  for (const topic of topics) {
    requirePublishable(board, projectNumber, topic);
    board.publish(topic, TOPIC_CONFIGURED);
  }
}

function requirePublishable(board: TopicBoard, projectNumber: string, topic: string): void {
  if (!/^projects\/[^/]+\/topics\/[^/]+$/.test(topic))
    throw invalid(`Failed to Publish to topic [${topic}], got an error from Pub/Sub.`);
  const state = board.state(topic);
  if (state === 'missing') throw new ApiError('NOT_FOUND', `Topic [${topic}] not found.`);
  if (state === 'ok') return;
  const agent = `service-${projectNumber}@gcp-sa-secretmanager.iam.gserviceaccount.com`;
  throw new ApiError(
    'FAILED_PRECONDITION',
    `Permission 'pubsub.topics.publish' denied for ${agent} for pubsub topic: ${topic} or the topic doesn't exist. ` +
      `Grant the 'pubsub.topic.publish' permission (or 'roles/pubsub.publisher') on this topic to ${agent}.`,
  );
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
