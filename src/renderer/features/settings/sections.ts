export const settingsSections = ['appearance', 'keyboard', 'kubeconfig', 'privacy', 'about'] as const;
export type SettingsSection = (typeof settingsSections)[number];

export function readSection(text: string | undefined): SettingsSection {
  return settingsSections.find((section) => section === text) ?? 'appearance';
}
