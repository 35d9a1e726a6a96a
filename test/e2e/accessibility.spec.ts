import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ChangeCard } from './pages/change-card.ts';
import { expect, someDeployment, test } from './pages/fixtures.ts';

/** Nothing serious or critical; the words name rule and element, so that a finding can be read in the output. */
async function expectNothingSerious(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const words = serious.map(
    ({ id, nodes }) => `${where}: ${id} ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(words).toEqual([]);
}

for (const theme of ['dark', 'light'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test(`axe finds nothing serious in any view, ${theme}`, async ({ window, page, app }) => {
      test.setTimeout(120_000);
      await window.newConversation();
      await expectNothingSerious(page, 'empty chat');
      await (await window.type('kubectl get pods -A')).getByRole('table').waitFor();
      await expectNothingSerious(page, 'table');
      await (await window.type('kubectl get namespace default -o yaml')).getByText('kind: Namespace').waitFor();
      await (await window.type('kubectl get podz')).getByRole('alert').waitFor();
      await expectNothingSerious(page, 'YAML and failure');
      const { namespace, name, replicas } = await someDeployment(app);
      const item = await window.type(
        `kubectl scale deployment ${name} -n ${namespace} --replicas=${String(replicas + 1)}`,
      );
      const card = new ChangeCard(item);
      await card.card.waitFor();
      await expectNothingSerious(page, 'change card');
      await window.view('Changes');
      await expectNothingSerious(page, 'changes');
      await new ChangeCard(page.getByRole('main')).cancel.click();
      await window.view('Settings');
      for (const section of ['Clusters', 'MCP servers', 'Appearance', 'Where data lives']) {
        await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
        await expectNothingSerious(page, section);
      }
      await page.getByRole('button', { name: 'Self-check' }).click();
      await expect(page.getByText(/^checked/)).toBeVisible({ timeout: 30_000 });
      await expectNothingSerious(page, 'self-check');
      await page.keyboard.press('Control+k');
      await expectNothingSerious(page, 'palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expectNothingSerious(page, 'keys');
      await page.keyboard.press('Escape');
      await window.cluster.click();
      await expectNothingSerious(page, 'cluster picker');
      await page.keyboard.press('Escape');
      await page.goto(`${app.origin}/#/trust`);
      await expectNothingSerious(page, 'trust check');
    });
  });
}
