import type { Source } from '../contract.ts';

/**
 * Minor releases of Kubernetes: number, the day of the first release, and the end of its support. Ended ones as
 * kubernetes.io lists them; for the others the day that the support period gives (12 months and 2 of maintenance).
 */
export const kubernetesReleases: readonly (readonly [minor: number, released: string, supportEnds: string])[] = [
  [37, '2026-08-26', '2027-10-28'],
  [36, '2026-04-22', '2027-06-28'],
  [35, '2025-12-17', '2027-02-28'],
  [34, '2025-08-27', '2026-10-27'],
  [33, '2025-04-23', '2026-06-28'],
  [32, '2024-12-11', '2026-02-28'],
  [31, '2024-08-13', '2025-11-11'],
  [30, '2024-04-17', '2025-07-15'],
  [29, '2023-12-13', '2025-02-28'],
  [28, '2023-08-15', '2024-10-22'],
  [27, '2023-04-11', '2024-07-16'],
  [26, '2022-12-08', '2024-02-28'],
  [25, '2022-08-23', '2023-10-28'],
  [24, '2022-05-03', '2023-07-28'],
  [23, '2021-12-07', '2023-02-28'],
  [22, '2021-08-04', '2022-12-08'],
  [21, '2021-04-08', '2022-06-28'],
  [20, '2020-12-08', '2022-02-28'],
  [19, '2020-08-26', '2021-10-28'],
  [18, '2020-03-25', '2021-06-18'],
  [17, '2019-12-09', '2021-01-13'],
  [16, '2019-09-18', '2020-09-02'],
];

export const releasesSource: Source = {
  title: 'Kubernetes: patch releases and their support period',
  url: 'https://kubernetes.io/releases/patch-releases/',
  date: '2026-08-26',
};

export const lifecycleSource: Source = {
  title: 'Lifecycle markers of k8s.io/api v0.37.2',
  url: 'https://pkg.go.dev/k8s.io/api@v0.37.2',
  date: '2026-11-10',
};

export const guideSource: Source = {
  title: 'Kubernetes: deprecated API migration guide',
  url: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
  date: '2026-08-26',
};

export const skewSource: Source = {
  title: 'Kubernetes: version skew policy',
  url: 'https://kubernetes.io/releases/version-skew-policy/',
  date: '2026-08-26',
};
