import { AppError } from '../../shared/errors.ts';
import { backUp, type Backup } from './backup.ts';
import type { Database } from './database.ts';
import type { Migration } from './migrations.ts';

export interface MigrateOptions {
  /** Where backups go. */
  readonly folder: string;
  readonly now: () => number;
}

/**
 * Brings the schema to the last of `migrations`: each in a transaction of its own, after a verified backup (a file
 * without any schema has nothing to back up). Throws AppError 'storage.failed' where the file is of a newer version, or
 * where a backup or a step fails; the file is then as it was before that step.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  { folder, now }: MigrateOptions,
): Promise<void> {
  const newest = migrations.at(-1)?.version ?? 0;
  const version = versionOf(database);
  if (version > newest) throw newer(version, newest);
  for (const step of migrations.filter((one) => one.version > version)) {
    const before = versionOf(database);
    if (step.version !== before + 1)
      throw new Error(`migration ${step.name} does not follow version ${String(before)}`);
    const backup = before === 0 ? null : await backUp(database, folder, `before-${step.name}`, now());
    try {
      apply(database, step);
    } catch (error) {
      throw failed(step, before, backup, error);
    }
  }
}

function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

function apply(database: Database, step: Migration): void {
  database
    .transaction(() => {
      database.exec(step.sql);
      const broken = database.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0) throw new Error(`${String(broken.length)} rows refer to nothing`);
      database.pragma(`user_version = ${String(step.version)}`);
    })
    .exclusive();
}

function newer(version: number, newest: number): AppError {
  return new AppError({
    code: 'storage.failed',
    message: `The app's database is of a newer version of AI4K8s (schema ${String(version)}; this one knows up to ${String(newest)}).`,
    remedy: 'Start the newer version, or use another folder: --data-dir DIR. Nothing was changed.',
  });
}

function failed(step: Migration, before: number, backup: Backup | null, cause: unknown): AppError {
  return new AppError(
    {
      code: 'storage.failed',
      message: `The step ${step.name} of the app's database failed; it is still at schema ${String(before)}, as it was.`,
      remedy: `Start the version before this one and report the step.${backup === null ? '' : ` A verified backup is at ${backup.path}.`}`,
    },
    { cause },
  );
}
