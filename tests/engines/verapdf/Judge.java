import java.io.FileInputStream;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;

/** Prints a line for each file: the flavour it claims, and "compliant" or the clauses it breaks. */
class Judge {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var foundry = Foundries.defaultInstance();
        for (var file : files) {
            try (var parser = foundry.createParser(new FileInputStream(file));
                    var validator = foundry.createValidator(parser.getFlavour(), false)) {
                var result = validator.validate(parser);
                var broken = result.getFailedChecks().keySet().stream()
                        .map(rule -> rule.getClause()).distinct().sorted().collect(Collectors.joining(" "));
                System.out.println(parser.getFlavour() + " " + (result.isCompliant() ? "compliant" : broken));
            }
        }
    }
}
