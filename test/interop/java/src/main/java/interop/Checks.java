package interop;

/**
 * The official Java SDKs against a hub: each check prints one TAP line, and any failure ends in status 1.
 *
 * <p>What it needs of its surroundings is told in {@link Hub}.
 */
public final class Checks {
  private Checks() {}

  public static void main(String[] arguments) {
    Harness harness = new Harness();
    AccessChecks.add(harness);
    CertificateChecks.add(harness);
    JobChecks.add(harness);
    MessageChecks.add(harness);
    MethodChecks.add(harness);
    ModuleChecks.add(harness);
    QueryChecks.add(harness);
    RegistryChecks.add(harness);
    TwinChecks.add(harness);
    // The SDK's threads must not hold the process.
    System.exit(harness.run() ? 0 : 1);
  }
}
