import { AppProcess } from './pages/app-process.ts';
import { expect, test } from './pages/fixtures.ts';
import { Window } from './pages/window.ts';

test('the palette finds an action by its words and runs it', async ({ window, page }) => {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search or run an action' });
  await palette.getByRole('combobox').fill('self');
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Self-check', level: 1 })).toBeVisible();
  await window.view('Chat');
});

test('the question mark lists the keys, but only outside a text field', async ({ window, page }) => {
  await window.composer.pressSequentially('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toHaveCount(0);
  await window.composer.fill('');
  await window.composer.blur();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys).toContainText('Go to Changes');
  await page.keyboard.press('Escape');
  await expect(keys).toHaveCount(0);
});

test('two letters go to a view, and the slash to the composer', async ({ window, page }) => {
  await window.composer.blur();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await expect(page.getByRole('complementary', { name: 'Journal' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(window.composer).toBeFocused();
  await window.composer.blur();
  await page.keyboard.press('/');
  await expect(window.composer).toBeFocused();
});

test('F6 goes round the regions of the window', async ({ window, page }) => {
  await window.composer.focus();
  const seen = new Set<string>();
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press('F6');
    seen.add(
      await page.evaluate(
        () => document.activeElement?.closest('nav, header, aside, section, .composer')?.className ?? 'none',
      ),
    );
  }
  expect(seen.size).toBeGreaterThanOrEqual(4);
});

test('the namespace in use is chosen and the next command uses it', async ({ window, page }) => {
  await window.newConversation();
  await window.namespace.click();
  await page.getByRole('option', { name: 'kube-system', exact: true }).click();
  await expect(window.namespace).toContainText('kube-system');
  const item = await window.type('kubectl get pods');
  await expect(item.getByRole('region', { name: /pods?$/ })).toContainText('in kube-system');
  await window.namespace.click();
  await page.getByRole('option', { name: 'default', exact: true }).click();
  await expect(window.namespace).toContainText('default');
});

test('a namespace that cannot be listed can be typed', async ({ window, page }) => {
  await window.namespace.click();
  await page.keyboard.type('not-listed');
  await page.getByRole('option', { name: 'Use not-listed' }).click();
  await expect(window.namespace).toContainText('not-listed');
  await window.namespace.click();
  await page.getByRole('option', { name: 'default', exact: true }).click();
});

test('a cluster that does not answer is shown as such within seconds, with what to do', async ({ window, page }) => {
  const before = await window.cluster.innerText();
  await window.cluster.click();
  await page.getByRole('option', { name: /silent/ }).click();
  await expect(window.cluster).toContainText('silent');
  await window.newConversation();
  const item = await window.type('kubectl get pods');
  await expect(item.getByRole('alert')).toContainText('silent');
  await expect(item.getByRole('button', { name: 'Self-check' })).toBeVisible();
  await window.cluster.click();
  await page
    .getByRole('option', { name: new RegExp(before.split('\n')[1] ?? before) })
    .first()
    .click();
});

test('nothing of a kubeconfig runs before exactly that was allowed', async ({ window, page, app, troubled }) => {
  const { selected } = await app.request('clusters.list', undefined);
  await window.rail.getByRole('button', { name: /^needs-consent/ }).click();
  await expect(page.getByRole('heading', { name: 'Trust check' })).toBeVisible();
  const plugin = page.getByRole('region').filter({ hasText: 'Runs a program' });
  await expect(plugin).toContainText(troubled.plugin);
  for (const argument of ['get-token', '--region', 'eu-1']) await expect(plugin).toContainText(argument);
  await expect(page.getByText('TLS not verified').first()).toBeVisible();
  await plugin.getByRole('button', { name: /^Allow exactly this/ }).click();
  await expect(plugin).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Allow exactly this/ })).toHaveCount(1);
  const { clusters } = await app.request('clusters.list', undefined);
  const cluster = clusters.find((one) => one.name === 'needs-consent')?.id ?? '';
  await app.request('clusters.connect', { cluster });
  expect(await troubled.hasPluginRun()).toBe(false);
  await page.getByRole('button', { name: /^Allow exactly this/ }).click();
  await expect.poll(() => troubled.hasPluginRun()).toBe(true);
  if (selected !== null) await app.request('clusters.select', { cluster: selected });
  await window.view('Chat');
});

test('production and read-only are marked, said everywhere, and taken back', async ({ window, page }) => {
  await window.view('Settings');
  const row = page.getByRole('region', { name: 'silent' });
  await row.getByRole('switch', { name: 'silent is read-only' }).click();
  await expect(row.getByText('read-only', { exact: true })).toBeVisible();
  await expect(window.rail.getByRole('button', { name: /^silent, read-only/ })).toBeVisible();
  await row.getByRole('switch', { name: 'silent is read-only' }).click();
  await expect(window.rail.getByRole('button', { name: /^silent, read-only/ })).toHaveCount(0);
});

test('the theme is chosen and kept over a reload', async ({ window, page }) => {
  await window.view('Settings');
  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.getByRole('radio', { name: 'System' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a server of one’s own is marked unguarded, and its failure names the hop', async ({ window, page }) => {
  await window.view('Settings');
  await page.getByRole('button', { name: 'MCP servers' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('tickets');
  await page.getByRole('textbox', { name: 'URLs, one a line' }).fill('http://127.0.0.1:9/mcp');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const server = page.getByRole('region', { name: 'tickets' });
  await expect(server.getByText('unguarded')).toBeVisible();
  await expect(server.getByRole('alert')).toContainText('mcp.port-refused');
  await server.getByRole('button', { name: 'Remove tickets' }).click();
  await expect(server).toHaveCount(0);
});

test('a command of one’s own runs only after exactly it was allowed', async ({ window, page }) => {
  await window.view('Settings');
  await page.getByRole('button', { name: 'MCP servers' }).click();
  await page.getByRole('radio', { name: 'Command' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('mine');
  await page.getByRole('textbox', { name: 'Command', exact: true }).fill('/bin/sh');
  await page.getByRole('textbox', { name: 'Arguments, one a line' }).fill('-c\nexit 3');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const server = page.getByRole('region', { name: 'mine', exact: true });
  await expect(server.getByText('Not run yet.')).toBeVisible();
  await expect(server.getByText('exit 3', { exact: true })).toBeVisible();
  await server.getByRole('button', { name: /^Allow exactly this/ }).click();
  await expect(server.getByRole('alert')).toContainText('mcp.');
  await server.getByRole('button', { name: 'Remove mine' }).click();
  await expect(server).toHaveCount(0);
});

test('the self-check names versions and, per cluster, the first hop that fails', async ({ window, page }) => {
  await window.view('Settings');
  await page.getByRole('button', { name: 'Self-check' }).click();
  const side = page.getByRole('complementary', { name: 'Clusters checked and versions' });
  await expect(side).toContainText('kubernetes-mcp-server', { timeout: 30_000 });
  await side.getByRole('button', { name: /silent/ }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'silent fails at hop' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'The way to silent' }).getByRole('listitem').last()).toContainText(
    /not tried/i,
  );
});

test('a link works once, and a window without a session says what to do', async ({ browser }) => {
  const app = await AppProcess.start([], undefined, false);
  const first = await browser.newContext();
  const second = await browser.newContext();
  try {
    const page = await first.newPage();
    await page.goto(app.link);
    await expect(page.getByRole('textbox', { name: 'Ask a question or type a command' })).toBeVisible();
    const late = await second.newPage();
    await late.goto(app.link);
    await expect(late.getByText('This window’s session has ended')).toBeVisible();
    expect(new URL(late.url()).hash).toBe('');
    await expect(page.getByRole('textbox', { name: 'Ask a question or type a command' })).toBeVisible();
  } finally {
    await first.close();
    await second.close();
    await app.close();
  }
});

test('the printed link opens the window and leaves no ticket in the address', async ({ page }) => {
  const app = await AppProcess.start([], undefined, false);
  try {
    await page.goto(app.link);
    await expect(page.getByRole('textbox', { name: 'Ask a question or type a command' })).toBeVisible();
    expect(page.url()).not.toContain('ticket');
    await page.reload();
    await expect(page.getByRole('textbox', { name: 'Ask a question or type a command' })).toBeVisible();
  } finally {
    await app.close();
  }
});

test('Escape closes the conversations of a narrow window before it stops anything', async ({ window, page }) => {
  await page.setViewportSize({ width: 960, height: 600 });
  await window.newConversation();
  const item = await window.type('kubectl get namespaces -w');
  const watching = item.getByText('watching', { exact: true });
  await expect(watching).toBeVisible();
  const drawer = page.getByRole('complementary', { name: 'Conversations' });
  await page.getByRole('button', { name: 'Conversations', exact: true }).click();
  await expect(drawer).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(watching).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(watching).toHaveCount(0);
});

test('that no kubeconfig was found is said in every view, and in the cluster picker', async ({ page }) => {
  const app = await AppProcess.start(['--kubeconfig', '/nonexistent/kubeconfig']);
  try {
    await page.addInitScript((token) => sessionStorage.setItem('ai4k8s.token', token), app.token);
    await page.goto(app.origin);
    const window = new Window(page);
    await (await window.type('kubectl get pods')).getByRole('alert').waitFor();
    await page.reload();
    await expect(window.items).toHaveCount(1);
    const banner = page.getByRole('alert').filter({ hasText: '/nonexistent/kubeconfig' }).first();
    await expect(banner).toBeVisible();
    await window.view('Changes');
    await expect(banner).toBeVisible();
    await window.cluster.click();
    await expect(page.getByRole('dialog', { name: 'Cluster' })).toContainText('/nonexistent/kubeconfig');
  } finally {
    await app.close();
  }
});

test('no cluster is green while the app does not answer', async ({ page }) => {
  const app = await AppProcess.start(['--demo']);
  await page.addInitScript((token) => sessionStorage.setItem('ai4k8s.token', token), app.token);
  await page.goto(app.origin);
  await expect(page.getByRole('banner').getByText('Reachable')).toBeVisible();
  await app.close();
  await expect(page.getByRole('banner').getByText('Not known')).toBeVisible();
});

test('who may not list namespaces is told so, and types one', async ({ window, page }) => {
  await page.route('**/request/clusters.namespaces', (route) =>
    route.fulfill({ json: { ok: true, value: { namespaces: ['default'], complete: false, at: Date.now() } } }),
  );
  await window.namespace.click();
  await expect(page.getByText('You may not list namespaces; type one.')).toBeVisible();
  await page.keyboard.type('kube-system');
  await page.getByRole('option', { name: 'Use kube-system' }).click();
  await expect(window.namespace).toContainText('kube-system');
  await window.namespace.click();
  await page.getByRole('option', { name: 'default', exact: true }).click();
  await expect(window.namespace).toContainText('default');
});
