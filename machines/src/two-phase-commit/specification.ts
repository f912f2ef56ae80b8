import { defineSpecification } from '@synod/protocol';
import { resourceManager, transactionManager } from './gray-lamport.ts';
import { grayLamport } from './gray-lamport-model.ts';

export const specification = defineSpecification({
  name: 'two-phase-commit',
  title: 'Two-phase commit',
  roles: { transactionManager, resourceManager },
  models: [grayLamport],
  simulations: [],
  mutants: [],
});
