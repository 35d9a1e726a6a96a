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
  await expect(item.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await expect(item.getByRole('button', { name: 'Edit' })).toBeVisible();
  await page.reload();
  await expect(window.items.first()).toContainText('why is the shop slow?');
});

test('a command that kubectl does not know fails with words and a way out', async ({ window }) => {
  const item = await window.type('kubectl get podz');
  const failure = item.getByRole('alert');
  await expect(failure).toContainText('podz');
  await expect(failure.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await failure.getByRole('button', { name: 'Edit' }).click();
  await expect(window.composer).toHaveValue('kubectl get podz');
  await expect(window.composer).toBeFocused();
  await window.composer.fill('');
});

test('Run again asks the cluster that it came from, whichever is chosen by then', async ({ window, app }) => {
  await window.newConversation();
  const item = await window.type('kubectl get namespaces');
  await item.getByRole('table').waitFor();
  const { selected, clusters } = await app.request('clusters.list', undefined);
  const silent = clusters.find((cluster) => cluster.name === 'silent');
  try {
    await app.request('clusters.select', { cluster: silent?.id ?? '' });
    await expect(window.cluster).toContainText('silent');
    await item.getByRole('button', { name: 'Run again' }).click();
    await expect(window.items.nth(1).getByRole('table')).toContainText('kube-system');
  } finally {
    await app.request('clusters.select', { cluster: selected ?? '' });
  }
});

test('Tab takes a completion, and leaves the field where there is none', async ({ window, page }) => {
  const list = page.getByRole('listbox', { name: 'Completions' });
  await window.newConversation();
  await window.composer.pressSequentially('kubectl descr');
  await list.waitFor();
  await window.composer.press('Tab');
  await expect(window.composer).toHaveValue(/^kubectl describe ?$/);
  await page.keyboard.press('Tab');
  await expect(window.composer).not.toBeFocused();

  const answered = page.waitForResponse((response) => response.url().endsWith('commands.complete'));
  await window.composer.fill('kubectl no-such-verb');
  await answered;
  await page.keyboard.press('Tab');
  await expect(window.composer).not.toBeFocused();

  await window.composer.fill('');
  await window.composer.pressSequentially('kubectl g');
  await list.waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(window.composer).not.toBeFocused();
  await window.composer.fill('');
});

test('two lines sent at once go into one conversation', async ({ window, app }) => {
  const before = (await app.request('conversations.list', undefined)).length;
  await window.newConversation();
  await window.composer.fill('kubectl get nodes');
  await window.composer.press('Enter');
  await window.composer.fill('kubectl get namespaces');
  await window.composer.press('Enter');
  await expect(window.items.nth(0).getByRole('table')).toBeVisible();
  await expect(window.items.nth(1).getByRole('table')).toBeVisible();
  expect(await app.request('conversations.list', undefined)).toHaveLength(before + 1);
});

test('who goes to another conversation while one is made stays there', async ({ window, page }) => {
  await window.newConversation();
  await (await window.type('kubectl get namespaces')).getByRole('table').waitFor();
  const entries = page.getByRole('complementary', { name: 'Conversations' }).getByRole('listitem');
  const there = entries.filter({ hasText: 'kubectl get namespaces' }).first().getByRole('button').first();
  await window.newConversation();
  const arrived = Promise.withResolvers<undefined>();
  const onward = Promise.withResolvers<undefined>();
  await page.route('**/request/conversations.create', async (route) => {
    arrived.resolve(undefined);
    await onward.promise;
    await route.continue();
  });
  await window.type('kubectl get nodes');
  await arrived.promise;
  await there.click();
  await expect(window.items.first().getByRole('table')).toContainText('kube-system');
  const ran = page.waitForResponse((response) => response.url().endsWith('commands.run'));
  onward.resolve(undefined);
  await ran;
  await expect(there).toHaveAttribute('aria-current', 'true');
  await page.reload();
  await expect(window.items.first().getByRole('table')).toContainText('kube-system');
});

test('a reload lands at the end of a long conversation', async ({ window, page }) => {
  await window.newConversation();
  for (const line of ['get pods -A', 'get deployments -A', 'get nodes -o yaml', 'get pods -A'])
    await (await window.type(`kubectl ${line}`)).getByRole('region').first().waitFor();
  await page.reload();
  const last = window.items.nth(3);
  await expect(last.getByRole('table')).toBeVisible();
  await expect
    .poll(async () => {
      const [item, view] = await Promise.all([last.boundingBox(), window.conversation.boundingBox()]);
      return (item?.y ?? 1e6) + (item?.height ?? 0) <= (view?.y ?? 0) + (view?.height ?? 0);
    })
    .toBe(true);
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
  await expect(window.items).toHaveCount(0);
  await expect(list.getByText('Deleted. Which version runs')).toBeVisible();
  await expect(list.getByRole('button', { name: 'Delete Which version runs' })).toHaveCount(0);
  await list.getByRole('button', { name: 'Undo deleting Which version runs' }).click();
  await expect(list.getByRole('button', { name: 'Delete Which version runs' })).toHaveCount(1);
  await expect(window.items).toHaveCount(1);
});

test('a deleted conversation is gone for good when its window goes away', async ({ window, page, app }) => {
  await window.newConversation();
  await (await window.type('kubectl api-versions')).waitFor();
  const list = page.getByRole('complementary', { name: 'Conversations' });
  await list
    .getByRole('button', { name: /^Delete kubectl api-versions/ })
    .first()
    .click();
  const titles = async () => (await app.request('conversations.list', undefined)).map(({ title }) => title);
  await expect(list.getByText('Deleted. kubectl api-versions')).toBeVisible();
  expect(await titles()).toContain('kubectl api-versions');
  await page.reload();
  await expect.poll(titles).not.toContain('kubectl api-versions');
});

test('a deletion that fails says why, and the conversation is there again', async ({ window, page }) => {
  await page.clock.install();
  await window.newConversation();
  await (await window.type('kubectl config view')).waitFor();
  const list = page.getByRole('complementary', { name: 'Conversations' });
  await page.route('**/request/conversations.delete', (route) =>
    route.fulfill({
      json: {
        ok: false,
        failure: { code: 'storage.busy', message: 'The data folder is in use.', remedy: 'Close the other one.' },
      },
    }),
  );
  const entry = list.getByRole('button', { name: 'Delete kubectl config view' });
  await entry.first().click();
  await page.clock.fastForward(10_000);
  await expect(list.getByRole('alert')).toContainText('The data folder is in use.');
  await expect(entry).toHaveCount(1);
});
