import { ChartElement } from './chart-element.ts';
import { SpaceTimeElement } from './spacetime-element.ts';

/** Makes `<synod-chart>` and `<synod-spacetime>` known to the page. To call it again changes nothing. */
export function defineSynodElements(): void {
  if (!customElements.get('synod-chart')) customElements.define('synod-chart', ChartElement);
  if (!customElements.get('synod-spacetime')) customElements.define('synod-spacetime', SpaceTimeElement);
}
