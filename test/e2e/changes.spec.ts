import type { AppProcess } from './pages/app-process.ts';
import { ChangeCard } from './pages/change-card.ts';
import { expect, someDeployment, test } from './pages/fixtures.ts';

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
}
let target: Target;

test.beforeEach(async ({ window, app }) => {
  await window.newConversation();
  target = await someDeployment(app);
});

const scale = (to: number) => `kubectl scale deployment ${target.name} -n ${target.namespace} --replicas=${String(to)}`;
const replicas = async (app: AppProcess): Promise<number> =>
  Number(await app.kubectl(`get deployment ${target.name} -n ${target.namespace} -o jsonpath={.spec.replicas}`));

/** The one mark that asks for the typed name, put on and taken off through the door. */
async function markProduction(app: AppProcess, production: boolean): Promise<string> {
  const { clusters, selected } = await app.request('clusters.list', undefined);
  const cluster = clusters.find((one) => one.id === selected);
  if (cluster === undefined) throw new Error('no cluster is selected');
  await app.request('clusters.mark', { cluster: cluster.id, production });
  return cluster.name;
}

test('a change is shown first, runs only after Approve, is verified, journaled and undone', async ({
  window,
  app,
  page,
}) => {
  const item = await window.type(scale(target.replicas + 1));
  const card = new ChangeCard(item);
  await expect(card.difference.getByRole('listitem', { name: `removed` }).first()).toContainText(
    `replicas: ${String(target.replicas)}`,
  );
  await expect(card.difference.getByRole('listitem', { name: `added` }).first()).toContainText(
    `replicas: ${String(target.replicas + 1)}`,
  );
  await expect(card.card).toContainText('Approval holds for');
  expect(await replicas(app)).toBe(target.replicas);

  await card.approve.click();
  await expect(card.card.getByText('Verified')).toBeVisible({ timeout: 45_000 });
  expect(await replicas(app)).toBe(target.replicas + 1);

  await window.view('Changes');
  const journal = page.getByRole('complementary', { name: 'Journal' });
  await expect(journal.getByText('chain intact')).toBeVisible();
  await journal
    .getByRole('button', { name: /^Undo / })
    .first()
    .click();
  const undo = new ChangeCard(page.getByRole('main'));
  await expect(undo.difference.getByRole('listitem', { name: 'added' }).first()).toContainText(
    `replicas: ${String(target.replicas)}`,
  );
  await undo.approve.click();
  await expect(undo.card.getByText('Verified')).toBeVisible({ timeout: 45_000 });
  expect(await replicas(app)).toBe(target.replicas);
});

test('Cancel writes nothing and takes the approval away', async ({ window, app }) => {
  const card = new ChangeCard(await window.type(scale(target.replicas + 2)));
  await card.cancel.click();
  await expect(card.card.getByText(/^Cancelled at .*Nothing was written/)).toBeVisible();
  await expect(card.approve).toHaveCount(0);
  expect(await replicas(app)).toBe(target.replicas);
});

test('Approve has the colour of danger where something is deleted, and only there', async ({ window }) => {
  const danger = 'rgb(201, 58, 54)';
  const change = new ChangeCard(await window.type(scale(target.replicas + 1)));
  await expect(change.approve).toHaveAttribute('aria-disabled', 'false');
  await expect(change.approve).not.toHaveCSS('background-color', danger);
  await change.cancel.click();
  const deletion = new ChangeCard(await window.type(`kubectl delete deployment ${target.name} -n ${target.namespace}`));
  await expect(deletion.approve).toHaveAttribute('aria-disabled', 'false');
  await expect(deletion.approve).toHaveCSS('background-color', danger);
  await deletion.cancel.click();
});

test('focus never lands on Approve by itself, and a card that has just come cannot be approved', async ({ window }) => {
  const card = new ChangeCard(await window.type(scale(target.replicas + 1)));
  await card.approve.dispatchEvent('click');
  await expect(card.card.getByRole('alert')).toHaveText('The card has just come.');
  await expect(card.approve).toHaveAttribute('aria-disabled', 'false');
  await expect(window.composer).toBeFocused();
  await card.cancel.click();
});

test('on production the exact name has to be typed, and Enter in its field does not approve', async ({
  window,
  app,
}) => {
  const name = await markProduction(app, true);
  try {
    const card = new ChangeCard(await window.type(scale(target.replicas + 1)));
    await expect(card.card.getByText('production', { exact: true })).toBeVisible();
    await expect(card.approve).toHaveAttribute('aria-disabled', 'true');
    await card.approve.click({ force: true });
    await expect(card.card.getByRole('alert')).toHaveText(`Type ${name} to approve.`);
    await card.typedName.fill(name.slice(0, -1));
    await expect(card.approve).toHaveAttribute('aria-disabled', 'true');
    await card.typedName.fill(name);
    await expect(card.approve).toHaveAttribute('aria-disabled', 'false');
    await card.typedName.press('Enter');
    await expect(card.approve).toBeVisible();
    expect(await replicas(app)).toBe(target.replicas);
    await card.cancel.click();
  } finally {
    await markProduction(app, false);
  }
});

test('the keyboard alone reads the difference and approves', async ({ window, app, page }) => {
  const card = new ChangeCard(await window.type(scale(target.replicas + 1)));
  await card.cancel.focus();
  await page.keyboard.press('F7');
  await expect(card.difference.getByRole('listitem', { name: 'removed' }).first()).toBeFocused();
  await expect(card.approve).toHaveAttribute('aria-disabled', 'false');
  await page.keyboard.press('Control+Enter');
  await expect(card.card.getByText('Verified')).toBeVisible({ timeout: 45_000 });
  expect(await replicas(app)).toBe(target.replicas + 1);
  const back = new ChangeCard(await window.type(scale(target.replicas)));
  await expect(back.approve).toHaveAttribute('aria-disabled', 'false');
  await back.approve.press('Enter');
  await expect(back.card.getByText('Verified')).toBeVisible({ timeout: 45_000 });
});

test('a change waits in the Changes view too, and the rail counts it', async ({ window, page }) => {
  const item = await window.type(scale(target.replicas + 1));
  await new ChangeCard(item).card.waitFor();
  await expect(window.rail.getByRole('button', { name: /^Changes, \d+ waiting for approval$/ })).toBeVisible();
  await window.view('Changes');
  const card = new ChangeCard(page.getByRole('main'));
  await card.cancel.click();
  await expect(card.card.getByText(/^Cancelled at /)).toBeVisible();
  await expect(window.rail.getByRole('button', { name: 'Changes', exact: true })).toBeVisible();
  await window.view('Chat');
  await window.view('Changes');
  await expect(page.getByText('No change waits for approval')).toBeVisible();
});

test('what waits on an object that another change has altered is void, and can only be previewed again', async ({
  window,
  app,
}) => {
  const first = new ChangeCard(await window.type(scale(target.replicas + 1)));
  const second = new ChangeCard(await window.type(scale(target.replicas + 2)));
  await second.approve.click();
  await expect(second.card.getByText('Verified')).toBeVisible({ timeout: 45_000 });
  await expect(first.card.getByText(/Another change of \S+ ran/)).toBeVisible();
  await expect(first.approve).toHaveCount(0);
  await expect(first.card.getByRole('button', { name: 'Preview again' })).toBeVisible();
  expect(await replicas(app)).toBe(target.replicas + 2);
  const back = new ChangeCard(await window.type(scale(target.replicas)));
  await back.approve.click();
  await expect(back.card.getByText('Verified')).toBeVisible({ timeout: 45_000 });
});
