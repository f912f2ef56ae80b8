import './style/theme.css';
import './style/page.css';
import './style/nodes.css';
import '../src/chart/drawing.css';
import './style/chart.css';
import './style/log.css';
import './style/members.css';
import './style/matrix.css';
import { render } from 'preact';
import { connect } from './state/connection.ts';
import { App } from './ui/app.tsx';

const root = document.getElementById('app');
if (root) render(<App />, root);
connect();
