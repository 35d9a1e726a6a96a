import { describe, expect, it } from 'vitest';
import { isCommand } from '../../../../shared/command-line.ts';

describe('what the composer takes for a command', () => {
  it.each(['kubectl get pods', 'k get pods', '  kubectl', 'kubectl\tget', 'k'])('%j is one', (text) => {
    expect(isCommand(text)).toBe(true);
  });
  it.each(['', 'kubectlget', 'keep an eye on web', 'why does kubectl fail?', 'kube'])('%j is a question', (text) => {
    expect(isCommand(text)).toBe(false);
  });
});
