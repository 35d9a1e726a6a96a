import type { Locator, Page } from '@playwright/test';

/** The window by its roles and labels: what a person, or a screen reader, finds. */
export class Window {
  readonly page: Page;
  readonly composer: Locator;
  readonly send: Locator;
  readonly conversation: Locator;
  readonly rail: Locator;
  readonly cluster: Locator;
  readonly namespace: Locator;

  constructor(page: Page) {
    this.page = page;
    this.composer = page.getByRole('textbox', { name: 'Ask a question or type a command' });
    this.send = page.getByRole('button', { name: 'Send' });
    this.conversation = page.getByRole('region', { name: 'Conversation', exact: true });
    this.rail = page.getByRole('navigation', { name: 'Clusters and views' });
    this.cluster = page.getByRole('combobox', { name: 'Cluster' });
    this.namespace = page.getByRole('combobox', { name: 'Namespace' });
  }

  /** Types a line and sends it; the answer is the last of the conversation. */
  async type(line: string): Promise<Locator> {
    const before = await this.items.count();
    await this.composer.fill(line);
    await this.send.click();
    const item = this.items.nth(before);
    await item.waitFor();
    return item;
  }

  get items(): Locator {
    return this.conversation.getByRole('article');
  }

  async view(name: 'Chat' | 'Changes' | 'Settings'): Promise<void> {
    await this.rail.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  }

  async newConversation(): Promise<void> {
    await this.page.keyboard.press('Control+n');
  }
}
