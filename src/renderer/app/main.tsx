import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import 'sonner/dist/styles.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectEngine } from '../client/connect.ts';
import { followLinks } from '../client/desktop.ts';
import { App } from './App.tsx';
import { findRoute } from './features.ts';
import { fromDeepLink, location, navigate, startRouter } from './router.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

startRouter();
// The first page's code comes while the engine is being connected to. What fails is met, and told, when it is drawn.
const { path } = location();
findRoute(path === '/' ? '/fleet' : path)
  ?.route.load?.()
  .catch(() => undefined);
const connection = await connectEngine();
followLinks((link) => {
  const address = fromDeepLink(link);
  if (address !== undefined) navigate(address);
});
createRoot(root).render(
  <StrictMode>
    <App connection={connection} />
  </StrictMode>,
);
