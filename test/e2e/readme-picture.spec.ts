import { join } from 'node:path';
import { AppProcess } from './pages/app-process.ts';
import { ChangeCard } from './pages/change-card.ts';
import { expect, test } from './pages/fixtures.ts';
import { Window } from './pages/window.ts';

const isRenewed = process.env['AI4K8S_README_PICTURE'] !== undefined;
const folder = isRenewed
  ? join(import.meta.dirname, 'pictures')
  : join(import.meta.dirname, '..', '..', 'test-results');

test('the picture of the README can be taken again', async ({ page, complaints: _ }) => {
  const app = await AppProcess.start(['--demo']);
  try {
    await page.addInitScript((token) => sessionStorage.setItem('ai4k8s.token', token), app.token);
    await page.goto(app.origin);
    const window = new Window(page);
    await expect(page.getByRole('banner').getByText('Reachable')).toBeVisible();
    const pods = await window.type('kubectl get pods -n shop');
    // Few enough rows that the change card stands whole below them.
    await pods.getByRole('textbox', { name: 'Filter rows' }).fill('web');
    await expect(pods.getByRole('table')).toBeVisible();
    const card = new ChangeCard(await window.type('kubectl scale deployment web -n shop --replicas=2'));
    await expect(card.approve).toHaveAttribute('aria-disabled', 'false');
    await expect(card.approve).toBeInViewport();
    await expect(pods.getByRole('columnheader', { name: 'NAME' })).toBeInViewport();
    await page.screenshot({ path: join(folder, 'readme.png') });
  } finally {
    await page.close();
    await app.close();
  }
});
