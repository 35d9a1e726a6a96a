// `npm run bench -- <name>…`: runs test/bench/<name>.ts, which prints what it measured.
const names = process.argv.slice(2);
if (names.length === 0) process.stdout.write('Name what to measure: npm run bench -- gate\n');
for (const name of names) {
  if (!/^[a-z-]+$/.test(name)) throw new Error(`${name} is not the name of a measurement`);
  const { bench } = (await import(`./${name}.ts`)) as { readonly bench: () => Promise<void> };
  await bench();
}
