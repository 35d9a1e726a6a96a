export type ThemeChoice = 'system' | 'light' | 'dark';

const systemIsLight = window.matchMedia('(prefers-color-scheme: light)');
let choice: ThemeChoice = 'system';

function apply(): void {
  const theme = choice === 'system' ? (systemIsLight.matches ? 'light' : 'dark') : choice;
  document.documentElement.dataset['theme'] = theme;
}

/** Draws in this theme from now on; 'system' follows the system while it changes. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  apply();
}

systemIsLight.addEventListener('change', apply);
apply();
