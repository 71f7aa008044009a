import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { language } from './messages/index.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
await language.start();
mount(App, { target });
