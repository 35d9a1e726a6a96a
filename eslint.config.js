import tseslint from 'typescript-eslint';

// The arrows of the house, as one table. `uses`: the folders an area may import; `packages`: the libraries whose door it is.
// One rule block per area is generated from it, because overlapping no-restricted-imports blocks replace each other.
const services = [
  'storage',
  'settings',
  'kubeconfig',
  'gate',
  'mcp',
  'clusters',
  'changes',
  'kubectl',
  'conversations',
  'self-check',
];
const areas = {
  'shared/**': { uses: [] },
  'preload/**': { uses: ['shared'], packages: ['electron'] },

  'renderer/**': { uses: ['shared', 'session', 'clusters', 'changes', 'commands', 'actions', 'elements', 'theme'] },
  'renderer/*.{ts,tsx}': {
    uses: [
      'shared',
      'session',
      'clusters',
      'changes',
      'commands',
      'actions',
      'elements',
      'theme',
      'chat',
      'settings',
      'self-check',
    ],
  },
  'renderer/elements/**': { uses: ['theme', 'shared'] },
  'renderer/theme/**': { uses: [] },
  'renderer/actions/**': { uses: ['shared', 'elements'] },
  'renderer/**/store.ts': { uses: ['shared', 'session', 'clusters', 'theme'], packages: ['zustand'] },
  'renderer/chat/store.ts': { uses: ['shared', 'session', 'clusters', 'commands'], packages: ['zustand'] },

  'main/*.ts': { uses: ['shared'] },
  'main/app.ts': { uses: ['shared', ...services] },
  'main/hosts/**': { uses: ['shared'] },
  'main/hosts/start.ts': { uses: ['shared', 'kubeconfig', 'storage'] },
  'main/hosts/electron/**': { uses: ['shared'], packages: ['electron'] },
  'main/storage/**': { uses: ['shared'], packages: ['better-sqlite3'] },
  'main/settings/**': { uses: ['shared', 'storage'] },
  'main/kubeconfig/**': { uses: ['shared'], packages: ['js-yaml', 'chokidar'] },
  'main/gate/**': { uses: ['shared', 'kubeconfig'] },
  'main/gate/upstream-issuer.ts': { uses: [], packages: ['openid-client'] },
  'main/gate/upstream-proxy.ts': { uses: [], packages: ['socks-proxy-agent'] },
  'main/mcp/**': { uses: ['shared', 'storage', 'kubeconfig', 'gate'], packages: ['@modelcontextprotocol/sdk'] },
  'main/clusters/**': { uses: ['shared', 'storage', 'kubeconfig', 'gate', 'mcp'] },
  'main/changes/**': { uses: ['shared', 'storage', 'gate', 'clusters'] },
  'main/kubectl/**': { uses: ['shared', 'storage', 'gate', 'clusters', 'changes'] },
  'main/conversations/**': { uses: ['shared', 'storage'] },
  'main/self-check/**': { uses: ['shared', ...services] },
  'main/demo/**': { uses: ['shared'] },
};
const folders = [
  ...new Set([
    ...services,
    'shared',
    'preload',
    'renderer',
    'main',
    'test',
    'hosts',
    'demo',
    'session',
    'commands',
    'actions',
    'elements',
    'theme',
    'chat',
  ]),
];
const packages = [...new Set(Object.values(areas).flatMap((area) => area.packages ?? []))];

const arrows = Object.entries(areas).map(([files, area]) => {
  const own = files.split('/');
  const patterns = [
    ...folders
      .filter((folder) => !own.includes(folder) && !area.uses.includes(folder))
      .map((folder) => ({
        regex: `^\\.{1,2}/(.*/)?${folder}/`,
        message: `${files} may not import ${folder}: see the arrows in eslint.config.js`,
      })),
    ...packages
      .filter((name) => !(area.packages ?? []).includes(name))
      .map((name) => ({ regex: `^${name}(/|$)`, message: `${name} has one door, and it is not here` })),
  ];
  return {
    files: [`${/\.(tsx?|\{[^}]*\})$/.test(files) ? files : `${files}/*.{ts,tsx,cts}`}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

const noDefault = { selector: 'ExportDefaultDeclaration', message: 'name what you export' };

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'test-results/**'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx,cts}'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-extraneous-class': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', noDefault],
    },
  },
  ...arrows,
  {
    files: ['main/**/handlers.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'IfStatement, SwitchStatement, TryStatement, ConditionalExpression',
          message: 'a handler delegates in one line; the decision belongs to the service',
        },
        noDefault,
      ],
    },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
