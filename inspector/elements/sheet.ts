/// <reference types="vite/client" />
import chartCss from '../page/style/chart-live.css?raw';
import spacetimeCss from '../page/style/spacetime.css?raw';
import themeCss from '../page/style/theme.css?raw';
import drawingCss from '../src/chart/drawing.css?raw';
import ownCss from './elements.css?raw';

let made: CSSStyleSheet | undefined;

/** The styles of all elements, shared by them. A content security policy has nothing against a sheet that is made by script. */
export function sheet(): CSSStyleSheet {
  if (made) return made;
  made = new CSSStyleSheet();
  // The page has its themes on its root; an element has its own on what is in it.
  made.replaceSync([themeCss.replaceAll(':root', '.synod'), drawingCss, chartCss, spacetimeCss, ownCss].join('\n'));
  return made;
}
