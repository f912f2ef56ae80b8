import type { CoverageKind } from '@synod/testgen';
import type { SourceOptions } from '../generate/source.ts';

/** What `synod mutate` may be told. */
export interface MutateCommandOptions extends SourceOptions {
  readonly coverage: readonly CoverageKind[];
  /** In per cent: at least this of every kind of coverage that was asked for. */
  readonly atLeast?: number;
  readonly maxWorlds?: number;
  readonly values?: number;
  readonly pairs: number;
  readonly json?: boolean;
}
