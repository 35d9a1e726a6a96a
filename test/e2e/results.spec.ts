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
  await expect(item.getByRole('list', { name: 'Notes' })).toContainText('No resources found in default namespace.');
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
