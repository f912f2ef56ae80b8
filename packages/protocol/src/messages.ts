import type { StandardSchemaV1 } from '@standard-schema/spec';
import { assert } from './assert.ts';
import type { Message } from './envelope.ts';
import { SynodError } from './errors.ts';
import type { Protocol } from './protocol.ts';

/** A message that its schema accepted, or the coded error that says why not. */
export type Validated =
  | { readonly message: Message; readonly error?: undefined }
  | { readonly message?: undefined; readonly error: SynodError };

/** Checks what came from outside against the protocol's schema for its type. */
export function validateMessage(protocol: Pick<Protocol, 'name' | 'messages'>, message: Message): Validated {
  const schema = Object.hasOwn(protocol.messages, message.type) ? protocol.messages[message.type] : undefined;
  if (!schema) {
    return {
      error: new SynodError(
        'MESSAGE_UNKNOWN',
        `${protocol.name} has no message "${message.type.slice(0, 100)}"; is the sender of another version?`,
      ),
    };
  }
  const result = schema['~standard'].validate(message);
  assert(!(result instanceof Promise), `${protocol.name}: the schema of "${message.type}" is asynchronous`);
  if (!result.issues) return { message: result.value as Message };
  return {
    error: new SynodError(
      'MESSAGE_INVALID',
      `${protocol.name}: "${message.type}" was refused: ${describeIssues(result.issues)}.`,
    ),
  };
}

/** The first few issues of a validation, each with its place, on one line. */
export function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  const lines = issues.slice(0, 3).map(({ message, path }) => {
    const place = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place ? `${place}: ${message}` : message;
  });
  return lines.join('; ') + (issues.length > 3 ? `; and ${issues.length - 3} more` : '');
}
