import type { CheckConfiguration } from '@synod/protocol';

/** Budgets for faults that a command gives in the place of the model's. */
export interface FaultOptions {
  readonly partition?: boolean;
  readonly crashes?: number;
  readonly drops?: number;
  readonly duplicates?: number;
}

/** A model's configuration with other budgets for faults. */
export function withFaults(configuration: CheckConfiguration, options: FaultOptions): CheckConfiguration {
  const { partition, crashes, drops, duplicates } = options;
  const { faults = {} } = configuration;
  return {
    ...configuration,
    faults: {
      ...faults,
      ...(partition && { partitions: Math.max(1, faults.partitions ?? 0) }),
      ...(crashes !== undefined && { crashes }),
      ...(drops !== undefined && { drops }),
      ...(duplicates !== undefined && { duplicates }),
    },
  };
}

/** The budgets alone, of options that hold more. */
export const faultsIn = ({ partition, crashes, drops, duplicates }: FaultOptions): FaultOptions => ({
  ...(partition && { partition }),
  ...(crashes !== undefined && { crashes }),
  ...(drops !== undefined && { drops }),
  ...(duplicates !== undefined && { duplicates }),
});

/** The same as arguments, to be given again. */
export const faultArguments = ({ partition, crashes, drops, duplicates }: FaultOptions): readonly string[] => [
  ...(partition ? ['--partition'] : []),
  ...(crashes === undefined ? [] : ['--crashes', `${crashes}`]),
  ...(drops === undefined ? [] : ['--drops', `${drops}`]),
  ...(duplicates === undefined ? [] : ['--duplicates', `${duplicates}`]),
];
