import type { Locator, Page } from '@playwright/test';
import { join } from 'node:path';
import { AppProcess } from './pages/app-process.ts';
import { ChangeCard } from './pages/change-card.ts';
import { expect, someDeployment, test } from './pages/fixtures.ts';
import { Window } from './pages/window.ts';

const folder = join(import.meta.dirname, '..', '..', 'test-results', 'gallery');
const sizes = [
  { width: 1440, height: 900 },
  { width: 960, height: 600 },
] as const;

/** A picture of what is on screen, with `of` in view, in both themes and both sizes, to be looked at by a person. */
async function picture(page: Page, name: string, of?: Locator): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await of?.scrollIntoViewIfNeeded();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${String(size.width)}.png`) });
    }
  }
  await page.setViewportSize(sizes[0]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
}

test.describe.configure({ timeout: 180_000 });

test('results', async ({ window, page, app }) => {
  await window.newConversation();
  await picture(page, '01-welcome');
  const pods = await window.type('kubectl get pods -A');
  await pods.getByRole('row').nth(2).click();
  await picture(page, '02-pods');
  await pods.getByRole('button', { name: 'Columns' }).click();
  await picture(page, '03-columns');
  await page.keyboard.press('Escape');
  await pods.getByRole('button', { name: /^Came by/ }).click();
  await picture(page, '04-route');
  await page.keyboard.press('Escape');
  await pods.getByRole('textbox', { name: 'Filter rows' }).fill('nothing-has-this-name');
  await picture(page, '05-filter-finds-nothing');
  await (await window.type('kubectl get deployments -A -o wide')).getByRole('table').waitFor();
  await picture(page, '06-wide');
  const { namespace, name } = await someDeployment(app);
  const yaml = await window.type(`kubectl get deployment ${name} -n ${namespace} -o yaml`);
  await yaml.getByText('kind: Deployment').waitFor();
  await picture(page, '07-yaml');
  await yaml.getByRole('button', { name: 'Search' }).click();
  await yaml.getByRole('textbox', { name: 'Find' }).pressSequentially('image');
  await picture(page, '08-yaml-search');
  await (await window.type(`kubectl describe deployment ${name} -n ${namespace}`)).getByLabel('Output').waitFor();
  await picture(page, '09-describe');
  const pod = (await app.kubectl('get pods -n kube-system -o name')).split('\n')[0] ?? '';
  const logs = await window.type(`kubectl logs -n kube-system ${pod} --tail=300`);
  await logs.getByRole('region', { name: /log lines?$/ }).waitFor();
  await picture(page, '10-logs');
  await (await window.type('kubectl get events -A')).getByRole('table').waitFor();
  await picture(page, '11-events');
  await (await window.type('kubectl api-resources')).getByRole('table').waitFor();
  await picture(page, '12-api-resources');
  await (await window.type('kubectl get pods -n default')).getByText('No resources found').waitFor();
  await picture(page, '13-nothing-found');
  await (await window.type('kubectl get podz')).getByRole('alert').waitFor();
  await picture(page, '14-failure');
  await (await window.type('why does checkout fail?')).getByRole('alert').waitFor();
  await picture(page, '15-question');
  await window.composer.pressSequentially('kubectl get po');
  await page.getByRole('listbox', { name: 'Completions' }).waitFor();
  await picture(page, '16-completion');
  await window.composer.fill('');
  await (await window.type('kubectl get namespaces -w')).getByText('watching', { exact: true }).waitFor();
  await picture(page, '17-watching');
  const list = page.getByRole('complementary', { name: 'Conversations' });
  await list.locator('button[aria-current]').press('Delete');
  await list.getByRole('button', { name: /^Undo deleting/ }).waitFor();
  await picture(page, '18-deleted');
  await list.getByRole('button', { name: /^Undo deleting/ }).click();
});

test('changes', async ({ window, page, app }) => {
  await window.newConversation();
  const { namespace, name, replicas } = await someDeployment(app);
  const scale = `kubectl scale deployment ${name} -n ${namespace}`;
  const card = new ChangeCard(await window.type(`${scale} --replicas=${String(replicas + 1)}`));
  await expect(card.approve).toHaveAttribute('aria-disabled', 'false');
  await picture(page, '20-change', card.approve);
  await card.approve.click();
  await card.card.getByText('Verified').waitFor({ timeout: 45_000 });
  await picture(page, '21-verified');
  const gone = new ChangeCard(await window.type(`kubectl delete deployment ${name} -n ${namespace}`));
  await expect(gone.approve).toHaveAttribute('aria-disabled', 'false');
  await picture(page, '22-delete', gone.approve);
  await gone.cancel.click();
  await picture(page, '23-cancelled');

  const { clusters, selected } = await app.request('clusters.list', undefined);
  const cluster = clusters.find((one) => one.id === selected);
  if (cluster === undefined) throw new Error('no cluster is selected');
  await app.request('clusters.mark', { cluster: cluster.id, production: true });
  const production = new ChangeCard(await window.type(`${scale} --replicas=${String(replicas)}`));
  await production.card.waitFor();
  await production.approve.click({ force: true });
  await picture(page, '24-production-name-missing', production.approve);
  await production.typedName.fill(cluster.name);
  await picture(page, '25-production-name-typed', production.approve);
  await window.view('Changes');
  await picture(page, '26-changes-waiting');
  const waiting = new ChangeCard(page.getByRole('main'));
  await waiting.typedName.fill(cluster.name);
  await waiting.approve.click();
  await waiting.card.getByText('Verified').waitFor({ timeout: 45_000 });
  await page.getByRole('complementary', { name: 'Journal' }).getByRole('button', { expanded: false }).first().click();
  await picture(page, '27-journal');
  await app.request('clusters.mark', { cluster: cluster.id, production: false });
});

test('clusters, settings and overlays', async ({ window, page, app }) => {
  const { selected } = await app.request('clusters.list', undefined);
  await window.cluster.click();
  await picture(page, '30-cluster-picker');
  await page.keyboard.press('Escape');
  await window.namespace.click();
  await page.getByRole('option', { name: 'kube-system' }).waitFor();
  await picture(page, '31-namespace-picker');
  await page.keyboard.press('Escape');
  await window.rail.getByRole('button', { name: /^needs-consent/ }).click();
  await page.getByRole('heading', { name: 'Trust check' }).waitFor();
  await picture(page, '32-trust');
  await window.view('Chat');
  await window.newConversation();
  await picture(page, '33-welcome-needs-consent');
  await (await window.type('kubectl get pods')).getByRole('alert').waitFor();
  await picture(page, '34-untrusted');
  await window.rail.getByRole('button', { name: /^hanging/ }).click();
  await window.newConversation();
  const slow = await window.type('kubectl get pods');
  await slow.getByRole('button', { name: 'Cancel' }).waitFor();
  await picture(page, '35-progress');
  await slow.getByRole('alert').or(slow.getByText('Cancelled.')).waitFor();
  await picture(page, '36-unreachable');
  if (selected !== null) await app.request('clusters.select', { cluster: selected });
  await window.view('Settings');
  for (const [index, section] of ['Clusters', 'MCP servers', 'Appearance', 'Where data lives'].entries()) {
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
    await picture(page, `4${String(index)}-settings-${section.toLowerCase().replaceAll(' ', '-')}`);
  }
  await page.getByRole('button', { name: 'MCP servers' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('tickets');
  await page.getByRole('textbox', { name: 'URLs, one a line' }).fill('http://127.0.0.1:9/mcp');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('region', { name: 'tickets' }).getByRole('alert').waitFor();
  await picture(page, '44-server-failed');
  await page.getByRole('button', { name: 'Remove tickets' }).click();
  await page.getByRole('radio', { name: 'Command' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('mine');
  await page.getByRole('textbox', { name: 'Command', exact: true }).fill('/bin/sh');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Not run yet.').waitFor();
  await picture(page, '44-server-program');
  await page.getByRole('button', { name: 'Remove mine' }).click();
  await page.getByRole('button', { name: 'Self-check' }).click();
  await expect(page.getByText(/^checked/)).toBeVisible({ timeout: 30_000 });
  await picture(page, '45-self-check');
  await page.keyboard.press('Control+k');
  await picture(page, '46-palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await picture(page, '47-keys');
  await page.keyboard.press('Escape');
});

test('without a cluster, without an answer, without a session', async ({ page }) => {
  const app = await AppProcess.start(['--kubeconfig', '/nonexistent/kubeconfig']);
  await page.addInitScript((token) => sessionStorage.setItem('ai4k8s.token', token), app.token);
  await page.goto(app.origin);
  await expect(new Window(page).composer).toBeVisible();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await picture(page, '50-no-cluster');
  await app.close();
  await expect(page.getByText('AI4K8s does not answer.')).toBeVisible();
  await picture(page, '51-lost');
});

test('a window without a session', async ({ browser, app }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(app.origin);
  await page.getByText('This window’s session has ended').waitFor();
  await picture(page, '52-ended');
});
