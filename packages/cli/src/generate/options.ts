import type { CoverageKind } from '@synod/testgen';

/** What `synod generate` may be told. */
export interface GenerateCommandOptions {
  readonly role?: string;
  readonly coverage: readonly CoverageKind[];
  readonly out?: string;
  readonly seed: number;
  readonly cases?: string;
  readonly check?: boolean;
  readonly maxWorlds?: number;
  readonly maxDepth?: number;
  readonly values?: number;
  readonly patience?: number;
  readonly json?: boolean;
}
