import { ChangeCard } from './pages/change-card.ts';
import { expect, someDeployment, test } from './pages/fixtures.ts';

test.beforeEach(async ({ window }) => {
  await window.newConversation();
});

test('a table is sorted by a press on its head, the other way by a second', async ({ window }) => {
  const item = await window.type('kubectl get pods -A');
  const table = item.getByRole('table');
  const names = () => table.getByRole('row').locator('td:nth-child(2)').allInnerTexts();
  await table.getByRole('columnheader', { name: 'NAME', exact: true }).getByRole('button').click();
  await expect(table.getByRole('columnheader', { name: 'NAME', exact: true })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  const sorted = (await names()).map((name) => name.replaceAll('\n', ''));
  expect(sorted).toEqual([...sorted].sort());
  await table.getByRole('columnheader', { name: 'NAME', exact: true }).getByRole('button').click();
  await expect(table.getByRole('columnheader', { name: 'NAME', exact: true })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  expect((await names()).map((name) => name.replaceAll('\n', ''))).toEqual([...sorted].reverse());
});

test('rows are filtered, and a filter that finds nothing says so', async ({ window }) => {
  const item = await window.type('kubectl get pods -A');
  await item.getByRole('textbox', { name: 'Filter rows' }).fill('kube-system');
  await expect(item.getByRole('table', { name: /^\d+ of \d+ pods$/ })).toBeVisible();
  for (const row of (await item.getByRole('row').allInnerTexts()).slice(1)) expect(row).toContain('kube-system');
  await item.getByRole('textbox', { name: 'Filter rows' }).fill('no-such-pod');
  await expect(item.getByText('No row holds “no-such-pod”.')).toBeVisible();
  await item.getByRole('button', { name: 'Show all', exact: true }).click();
  await expect(item.getByRole('row').nth(1)).toBeVisible();
});

test('columns are chosen', async ({ window, page }) => {
  const item = await window.type('kubectl get pods -A');
  await item.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'RESTARTS' }).click();
  await page.keyboard.press('Escape');
  await expect(item.getByRole('columnheader', { name: 'RESTARTS' })).toHaveCount(0);
  await expect(item.getByRole('columnheader', { name: 'STATUS' })).toBeVisible();
});

test('what is copied is whole and tab-separated', async ({ window, page }) => {
  const item = await window.type('kubectl get namespaces');
  await item.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text.split('\n')[0]).toBe('NAME\tSTATUS\tAGE');
  expect(text).toMatch(/^kube-system\tActive\t/m);
});

test('rows are walked with J and K, and Y shows the YAML of the chosen one', async ({ window, page }) => {
  const item = await window.type('kubectl get namespaces');
  const rows = item.getByRole('row');
  await rows.nth(1).click();
  await page.keyboard.press('j');
  await expect(rows.nth(2)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('k');
  await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true');
  const name = await rows.nth(1).getByRole('cell').first().innerText();
  await page.keyboard.press('y');
  await expect(window.items.nth(1)).toContainText(`-o yaml`);
  await expect(window.items.nth(1).getByRole('region', { name: `namespace/${name}` })).toContainText('kind: Namespace');
});

test('YAML is folded, unfolded and searched', async ({ window, app }) => {
  const { namespace, name } = await someDeployment(app);
  const item = await window.type(`kubectl get deployment ${name} -n ${namespace} -o yaml`);
  const folded = item.getByRole('button', { name: new RegExp(`^unfold name: ${name}, namespace: ${namespace}`) });
  await expect(folded).toBeVisible();
  await expect(item.getByText('creationTimestamp:')).toHaveCount(0);
  await folded.click();
  await expect(item.getByText('creationTimestamp:').first()).toBeVisible();
  await item.getByRole('button', { name: 'Search' }).click();
  const search = item.getByRole('textbox', { name: 'Find' });
  await search.pressSequentially('lastUpdateTime');
  await search.press('Enter');
  await expect(item.getByText('lastUpdateTime').first()).toBeVisible();
});

test('the way a result came is said in full on request', async ({ window, page }) => {
  const item = await window.type('kubectl get pods -A');
  await item.getByRole('button', { name: /^Came by/ }).click();
  const way = page.getByRole('dialog', { name: 'Which way it came' });
  await expect(way).toContainText('kubernetes-mcp-server, through the gate');
  await expect(way).toContainText('pods_list');
});

test('a namespace without pods says so in kubectl’s words', async ({ window }) => {
  const item = await window.type('kubectl get pods -n default');
  const card = item.getByRole('region', { name: '0 pods' });
  await expect(card).toContainText('No resources found in default namespace.');
  await expect(item.getByRole('list', { name: 'Notes' })).toHaveCount(0);
});

test('a watch in which nothing happens says that it goes on, and stops', async ({ window, page, app }) => {
  for (const line of ['kubectl get namespaces -w', 'kubectl get namespaces -o yaml -w']) {
    const before = await window.items.count();
    await window.type(line);
    const item = window.items.nth(before);
    await expect(item.getByText('watching', { exact: true })).toBeVisible();
    await item.getByRole('button', { name: 'Stop' }).click();
    await expect(item.getByText('watching', { exact: true })).toHaveCount(0);
  }
  const item = await window.type('kubectl get namespaces -w');
  await expect(item.getByText('watching', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(item.getByText('watching', { exact: true })).toHaveCount(0);
  expect(await app.kubectl('get namespaces')).toContain('kube-system');
});

test('the rows that a watch began with stay when one of them changes', async ({ window, app }) => {
  const item = await window.type('kubectl get deployments -A -w');
  const table = item.getByRole('table');
  const rows = Number(await table.getAttribute('aria-rowcount'));
  const { namespace, name, replicas } = await someDeployment(app);
  const scaled = await window.type(
    `kubectl scale deployment ${name} -n ${namespace} --replicas=${String(replicas + 1)}`,
  );
  const card = new ChangeCard(scaled);
  await card.approve.click();
  await expect(
    table
      .getByRole('row')
      .filter({ hasText: `${String(replicas + 1)}/${String(replicas + 1)}` })
      .first(),
  ).toBeAttached({ timeout: 45_000 });
  expect(Number(await table.getAttribute('aria-rowcount'))).toBe(rows);
  await item.getByRole('button', { name: 'Stop' }).click();
});

test('an order that the command asked for is the one shown', async ({ window }) => {
  const item = await window.type('kubectl get pods -A --sort-by=.metadata.name');
  const table = item.getByRole('table');
  await expect(table).toBeVisible();
  const names = (await table.getByRole('row').locator('td:nth-child(2)').allInnerTexts()).map((name) =>
    name.replaceAll('\n', ''),
  );
  expect(names.length).toBeGreaterThan(3);
  expect(names).toEqual([...names].sort());
  await expect(table.locator('th:not([aria-sort="none"])[aria-sort]')).toHaveCount(0);
});

test('Enter on the head of a column sorts, also while a row is chosen', async ({ window, page }) => {
  const item = await window.type('kubectl get pods -A');
  await item.getByRole('row').nth(1).click();
  const head = item.getByRole('columnheader', { name: 'NAME', exact: true });
  await head.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await expect(window.items).toHaveCount(1);
});

test('Escape in a field, and in another conversation, leaves what is followed alone', async ({ window, page }) => {
  const item = await window.type('kubectl get namespaces -w');
  const watching = item.getByText('watching', { exact: true });
  await expect(watching).toBeVisible();
  await item.getByRole('textbox', { name: 'Filter rows' }).press('Escape');
  const list = page.getByRole('complementary', { name: 'Conversations' });
  await list.getByRole('button', { name: 'Find a conversation' }).click();
  await list.getByRole('textbox', { name: 'Find by title' }).press('Escape');
  await expect(list.getByRole('textbox')).toHaveCount(0);
  const entry = list.locator('button[aria-current]');
  await window.newConversation();
  await expect(entry).toHaveCount(0);
  await page.keyboard.press('Escape');
  await list
    .getByRole('button', { name: /^kubectl get namespaces -w/ })
    .first()
    .click();
  await expect(watching).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(watching).toHaveCount(0);
});

test('logs are searched and wrapped', async ({ window, app }) => {
  const pod = (await app.kubectl('get pods -n kube-system -o name')).split('\n')[0] ?? '';
  const item = await window.type(`kubectl logs -n kube-system ${pod} --tail=200`);
  await expect(item.getByRole('region', { name: /log lines?$/ })).toBeVisible();
  await item.getByRole('button', { name: 'Wrap' }).click();
  await expect(item.getByRole('button', { name: 'Wrap' })).toHaveAttribute('aria-pressed', 'true');
  await item.getByRole('textbox', { name: 'Search the log' }).fill('no line holds this');
  await expect(item.getByRole('status').filter({ hasText: 'none' })).toBeVisible();
});

test('a followed log goes on until it is stopped', async ({ window, app }) => {
  const pod = (await app.kubectl('get pods -n kube-system -o name')).split('\n')[0] ?? '';
  const item = await window.type(`kubectl logs -n kube-system ${pod} --tail=5 -f`);
  await expect(item.getByText('following', { exact: true })).toBeVisible();
  await item.getByRole('button', { name: 'Stop' }).click();
  await expect(item.getByText('following', { exact: true })).toHaveCount(0);
});
