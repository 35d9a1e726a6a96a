import { AppError } from '../../shared/errors.ts';
import { shown } from '../kubeconfig/parse.ts';

/** 'cluster.credentials': `what` goes on after the context's name, and never holds a credential. */
export function credentialsError(context: string, what: string, remedy: string, cause?: unknown): AppError {
  const message = `The kubeconfig of ${shown(context)} ${what}.`;
  return new AppError({ code: 'cluster.credentials', message, remedy, cluster: context }, { cause });
}
