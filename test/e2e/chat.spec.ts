import { expect, test } from './pages/fixtures.ts';

test('a typed command shows the pods that the cluster has', async ({ window, app }) => {
  const names = (await app.kubectl('get pods -A -o name')).trim().split('\n');
  const item = await window.type('kubectl get pods -A');
  const table = item.getByRole('table', { name: /pods$/ });
  await expect(table).toBeVisible();
  await expect(item.getByRole('button', { name: /^Came by MCP · pods_list/ })).toBeVisible();
  const first = names[0]?.replace('pod/', '') ?? '';
  await expect(table.getByRole('row').filter({ hasText: first }).first()).toBeAttached();
  expect(await table.getAttribute('aria-rowcount').then(Number)).toBeGreaterThan(names.length - 5);
});

test('the mode is said before Enter', async ({ window, page }) => {
  await expect(page.getByText('Question', { exact: true })).toBeVisible();
  await window.composer.fill('k get nodes');
  await expect(page.getByText('Command', { exact: true })).toBeVisible();
  await expect(page.getByText('Runs here through the gate')).toBeVisible();
});

test('a draft survives a reload', async ({ window, page }) => {
  await window.newConversation();
  await window.composer.pressSequentially('kubectl get pods -n half-typed');
  await page.reload();
  await expect(window.composer).toHaveValue('kubectl get pods -n half-typed');
  await window.composer.fill('');
});

test('a conversation and its results are there after a reload', async ({ window, page }) => {
  await window.newConversation();
  const item = await window.type('kubectl get namespaces');
  await expect(item.getByRole('table')).toContainText('kube-system');
  await page.reload();
  await expect(window.items.first().getByRole('table')).toContainText('kube-system');
  await window.newConversation();
  await expect(window.items).toHaveCount(0);
  await page
    .getByRole('complementary', { name: 'Conversations' })
    .getByRole('button', { name: /^kubectl get namespaces/ })
    .first()
    .click();
  await expect(window.items.first().getByRole('table')).toContainText('kube-system');
});

test('the last input comes back with the up key, and the empty field with down', async ({ window }) => {
  await window.newConversation();
  await (await window.type('kubectl get nodes')).getByRole('table').waitFor();
  await window.composer.press('ArrowUp');
  await expect(window.composer).toHaveValue('kubectl get nodes');
  await window.composer.press('ArrowDown');
  await expect(window.composer).toHaveValue('');
});

test('completion opens while a command is typed and Tab takes the choice', async ({ window, page }) => {
  await window.composer.pressSequentially('kubectl descr');
  const list = page.getByRole('listbox', { name: 'Completions' });
  await expect(list.getByRole('option', { name: /describe/ })).toBeVisible();
  const [box, field] = await Promise.all([list.boundingBox(), window.composer.boundingBox()]);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
  await window.composer.press('Tab');
  await expect(window.composer).toHaveValue(/^kubectl describe ?$/);
  await window.composer.press('Escape');
  await window.composer.fill('');
});

test('a question is kept and answered with what to do', async ({ window, page }) => {
  await window.newConversation();
  const item = await window.type('why is the shop slow?');
  await expect(item.getByRole('alert')).toContainText('assistant.unavailable');
  await page.reload();
  await expect(window.items.first()).toContainText('why is the shop slow?');
});

test('a command that kubectl does not know fails with words and a way out', async ({ window }) => {
  const item = await window.type('kubectl get podz');
  const failure = item.getByRole('alert');
  await expect(failure).toContainText('podz');
  await expect(failure.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a conversation is renamed and deleted', async ({ window, page }) => {
  await window.newConversation();
  await (await window.type('kubectl version')).waitFor();
  const list = page.getByRole('complementary', { name: 'Conversations' });
  const entry = list.getByRole('button', { name: /^kubectl version/ }).first();
  await entry.focus();
  await page.keyboard.press('F2');
  await list.getByRole('textbox', { name: 'Title' }).fill('Which version runs');
  await page.keyboard.press('Enter');
  await expect(list.getByRole('button', { name: /^Which version runs/ })).toBeVisible();
  await list.getByRole('button', { name: 'Delete Which version runs' }).click();
  await expect(list.getByText('Which version runs')).toHaveCount(0);
  await expect(window.items).toHaveCount(0);
});
