import { z } from 'zod';

// YAML turns an unquoted 12 or true into another type, and kubectl refuses the file for it; what is meant is the text.
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const optionalText = text.nullish().transform((value) => (value === '' ? null : (value ?? null)));
const flag = z.boolean().nullish().transform(Boolean);
const texts = z
  .array(text)
  .nullish()
  .transform((value) => value ?? []);

/** What this app reads of a kubeconfig; every other field is dropped, and so has no effect. */
export const ClusterFields = z.object({
  server: text,
  'tls-server-name': optionalText,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': optionalText,
  'certificate-authority-data': optionalText,
  'proxy-url': optionalText,
});

const Exec = z.object({
  apiVersion: optionalText,
  command: text,
  args: texts,
  env: z
    .array(z.object({ name: text, value: text.nullish().transform((value) => value ?? '') }))
    .nullish()
    .transform((value) => value ?? []),
  installHint: optionalText,
  provideClusterInfo: flag,
  interactiveMode: optionalText,
});

export const UserFields = z
  .object({
    'client-certificate': optionalText,
    'client-certificate-data': optionalText,
    'client-key': optionalText,
    'client-key-data': optionalText,
    token: optionalText,
    tokenFile: optionalText,
    as: optionalText,
    'as-uid': optionalText,
    'as-groups': texts,
    'as-user-extra': z
      .record(z.string(), texts)
      .nullish()
      .transform((value) => value ?? {}),
    username: optionalText,
    password: optionalText,
    'auth-provider': z
      .object({
        name: text,
        config: z
          .record(z.string(), text)
          .nullish()
          .transform((value) => value ?? {}),
      })
      .nullish()
      .transform((value) => value ?? null),
    exec: Exec.nullish().transform((value) => value ?? null),
  })
  .nullish()
  .transform((value) => value ?? null);

export const ContextFields = z.object({
  cluster: text,
  user: optionalText,
  namespace: optionalText,
});

const list = z
  .array(z.unknown())
  .nullish()
  .transform((value) => value ?? []);

export const KubeconfigFields = z.object({
  kind: z.union([z.literal('Config'), z.literal('')]).nullish(),
  apiVersion: z.union([z.literal('v1'), z.literal('')]).nullish(),
  'current-context': optionalText,
  clusters: list,
  users: list,
  contexts: list,
});

export const Named = z.object({ name: text });

export type ClusterFields = z.infer<typeof ClusterFields>;
export type UserFields = z.infer<typeof UserFields>;
export type ContextFields = z.infer<typeof ContextFields>;
