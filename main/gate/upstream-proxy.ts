import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { Agent as HttpAgent } from 'node:http';

/** Whether an address is one that `proxyAgent` takes. */
export function isProxy(address: string): boolean {
  return /^(https?|socks(4|4a|5|5h)?):$/.test(URL.parse(address)?.protocol ?? '');
}

/**
 * Agent that goes through a proxy: http and https by node itself, socks by its library, loaded on first use.
 * @param options of the connection to the API server, TLS and keep-alive
 */
export async function proxyAgent(proxy: string, protocol: string, options: AgentOptions): Promise<HttpAgent> {
  if (proxy.startsWith('socks')) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy, options);
  }
  // Nothing else of the environment counts here: NO_PROXY does not undo what the kubeconfig says.
  const proxyEnv = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  return protocol === 'http:' ? new HttpAgent({ ...options, proxyEnv }) : new HttpsAgent({ ...options, proxyEnv });
}
