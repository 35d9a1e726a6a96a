import type { Locator } from '@playwright/test';

/** A change card in a conversation or in the Changes view. */
export class ChangeCard {
  readonly card: Locator;
  readonly approve: Locator;
  readonly cancel: Locator;
  readonly typedName: Locator;
  readonly difference: Locator;

  constructor(within: Locator) {
    this.card = within.getByRole('region', { name: /^Change: / });
    this.approve = this.card.getByRole('button', { name: 'Approve', exact: true });
    this.cancel = this.card.getByRole('button', { name: 'Cancel', exact: true });
    this.typedName = this.card.getByRole('textbox', { name: /to approve$/ });
    this.difference = this.card.getByRole('list', { name: 'Difference' });
  }
}
