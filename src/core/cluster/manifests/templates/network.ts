import type { Template } from '../contract.ts';

/** How they are reached, and by whom. */
export const network: readonly Template[] = [
  {
    id: 'service',
    title: 'Service',
    description: 'A stable address inside the cluster for the pods with these labels.',
    text: `apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  # LoadBalancer or NodePort to be reached from outside
  type: ClusterIP
  selector:
    app.kubernetes.io/name: web
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  },
  {
    id: 'ingress',
    title: 'Ingress',
    description: 'A name and path from outside that lead to a Service.',
    text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  # ingressClassName: nginx
  tls:
    - hosts: [web.example.com]
      secretName: web-tls
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
`,
  },
  {
    id: 'httproute',
    title: 'HTTPRoute (Gateway API)',
    description: 'A name and path that a Gateway leads to a Service.',
    needs: 'httproutes.gateway.networking.k8s.io',
    text: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
spec:
  parentRefs:
    - name: gateway
      # namespace: gateways
  hostnames: [web.example.com]
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /
      backendRefs:
        - name: web
          port: 80
`,
  },
  {
    id: 'networkpolicy',
    title: 'NetworkPolicy: default deny',
    description: 'Nothing reaches the pods of the namespace, and they reach names (DNS) alone.',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
`,
  },
  {
    id: 'networkpolicy-allow',
    title: 'NetworkPolicy: let in',
    description: 'Lets the pods of one application be reached on one port by those of another.',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-from-frontend
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: web
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: frontend
      ports:
        - protocol: TCP
          port: http
`,
  },
];
