import type { Handlers } from '../../shared/contract.ts';
import { settingHandlers } from '../../main/settings/handlers.ts';
import type { Settings } from '../../main/settings/settings.ts';

declare const settings: Settings;
// @ts-expect-error a channel without a handler does not compile
export const incomplete = { ...settingHandlers(settings) } satisfies Handlers;
// @ts-expect-error a handler for no channel does not compile
export const extra: ReturnType<typeof settingHandlers> = { ...settingHandlers(settings), 'settings.extra': () => 1 };
