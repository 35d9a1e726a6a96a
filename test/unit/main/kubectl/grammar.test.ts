import { describe, expect, it } from 'vitest';
import { CommandError } from '../../../../main/kubectl/command-error.ts';
import { parse } from '../../../../main/kubectl/grammar.ts';
import { helpText } from '../../../../main/kubectl/verbs/help.ts';
import { otherVerbs } from '../../../../main/kubectl/verb-names.ts';

function failure(line: string): CommandError {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error(`${line} was understood`);
}

describe('the grammar', () => {
  it.each(['-n shop', '-nshop', '-n=shop', '--namespace shop', '--namespace=shop'])(
    'reads a value spelt %s',
    (spelt) => {
      expect(parse(`kubectl get pods ${spelt}`)).toMatchObject({ verb: 'get', args: ['pods'], namespace: 'shop' });
    },
  );
  it('reads flags before the verb, between and after the arguments', () => {
    const { verb, args, flags, context } = parse('kubectl --context a get -A pods --no-headers web -o wide');
    expect({ verb, args, context }).toEqual({ verb: 'get', args: ['pods', 'web'], context: 'a' });
    expect([flags.is('all-namespaces'), flags.is('no-headers'), flags.text('output')]).toEqual([true, true, 'wide']);
  });
  it('reads bundled short flags, the last of which may take a value', () => {
    const { flags, namespace } = parse('k get pods -Awnshop');
    expect([flags.is('all-namespaces'), flags.is('watch'), namespace]).toEqual([true, true, 'shop']);
  });
  it('does not take the word after a boolean flag for its value', () => {
    expect(parse('kubectl get pods --watch web').args).toEqual(['pods', 'web']);
    expect(parse('kubectl get pods --watch=false').flags.is('watch')).toBe(false);
  });
  it('takes everything after -- for arguments', () => {
    expect(parse('kubectl get pods -- -x --y').args).toEqual(['pods', '-x', '--y']);
  });
  it('keeps the values of a repeated flag, and the last of a single one', () => {
    const { flags } = parse('kubectl get pods -L a,b -L c -n x -n y');
    expect(flags.list('label-columns')).toEqual(['a', 'b', 'c']);
    expect(flags.text('namespace')).toBe('y');
  });
  it('splits an output format at its first equals sign only', () => {
    expect(parse("kubectl get pods -o jsonpath='{.a}=={.b}'").flags.text('output')).toBe('jsonpath={.a}=={.b}');
  });
  it.each([
    ['top pods', 'top pod'],
    ['top no', 'top node'],
    ['log x', 'logs'],
    ['config use x', 'config use-context'],
  ])('knows %s as %s', (typed, verb) => {
    expect(parse(`kubectl ${typed}`).verb).toBe(verb);
  });
  it.each([
    ['kubectl get pods --bogus', 'Error: unknown flag: --bogus'],
    ['kubectl get pods -z', "Error: unknown shorthand flag: 'z' in -z"],
    ['kubectl get pods -n', "Error: flag needs an argument: 'n' in -n"],
    ['kubectl get pods --namespace', 'Error: flag needs an argument: --namespace'],
    [
      'kubectl logs x --tail=a',
      'Error: invalid argument "a" for "--tail" flag: strconv.ParseInt: parsing "a": invalid syntax',
    ],
    ['kubectl gett pods', 'Error: unknown command "gett" for "kubectl"'],
  ])('says of %s what kubectl says', (line, first) => {
    expect(failure(line).stderr.split('\n')[0]).toBe(first);
  });
  it('offers the nearest verb and flag', () => {
    expect(failure('kubectl gett pods').failure.remedy).toBe('Did you mean get?');
    expect(failure('kubectl get pods --namespaces x').failure.remedy).toBe('Did you mean --namespace?');
  });
  it('says of every verb it does not have that this version lacks it, and never runs another', () => {
    for (const verb of otherVerbs.keys()) {
      const { failure: said } = failure(`kubectl ${verb} x`);
      expect([verb, said.code]).toEqual([verb, 'command.unsupported']);
      expect(said.message).toContain(`kubectl ${verb}`);
    }
  });
  it.each(['kubectl constructor', 'kubectl toString', 'kubectl __proto__'])('takes %s for an unknown verb', (line) => {
    expect(failure(line).failure.code).toBe('command.invalid');
  });
  it.each([
    '--token=x',
    '--server=https://x',
    '--as=root',
    '--kubeconfig=/x',
    '-s https://x',
    '--insecure-skip-tls-verify',
  ])('refuses %s: identity and server come from the kubeconfig', (flag) => {
    expect(failure(`kubectl get pods ${flag}`).failure.code).toBe('command.unsupported');
  });
  it.each([
    ['kubectl get --help', ['get']],
    ['kubectl -n shop get pods -h', ['get']],
    ['kubectl help logs', ['logs']],
    ['kubectl top po -h', ['top', 'pod']],
    ['kubectl config --help', ['config']],
    ['kubectl --help', []],
    ['kubectl help', []],
  ])('answers %s with help, and runs nothing', (line, args) => {
    expect(parse(line)).toMatchObject({ verb: 'help', args });
  });
  it('says of help for what is not there that it is not there', () => {
    expect(failure('kubectl gett --help').failure.remedy).toBe('Did you mean get?');
    expect(failure('kubectl rollout -h').failure.code).toBe('command.unsupported');
    expect(parse('kubectl get pods -- -h').verb).toBe('get');
  });
  it('helps with the usage, every flag of the verb and its meaning', () => {
    const text = helpText('logs');
    expect(text).toContain('kubectl logs (POD | TYPE/NAME) [CONTAINER] [flags]');
    expect(text).toMatch(/^ {2}-f, --follow +Keep printing new lines$/m);
    expect(text).toMatch(/^ {6}--tail=N +Lines from the end$/m);
    expect(text).toMatch(/^ {2}-n, --namespace=TEXT +Namespace$/m);
    expect(text).not.toContain('--token');
    expect(helpText('top')).toContain('top node');
    expect(helpText('')).toContain('describe');
  });
  it('refuses a pipe into nothing', () => {
    expect(failure('kubectl get pods |').message).toContain("nothing after '|'");
  });
});
