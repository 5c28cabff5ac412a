import java.io.File;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.util.SimpleIRIMapper;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Judges each ontology of an XML catalog, with all that it imports, by the OWL API's OWL 2 DL profile.
 * Prints one line a violation; exit code 0 when there is none, 1 when there are some, 2 when a file cannot be read.
 */
public final class Owl2DlProfile {
    public static void main(String[] arguments) {
        try {
            System.exit(violations(new File(arguments[0])) == 0 ? 0 : 1);
        } catch (Exception failure) {
            System.err.println(failure);
            System.exit(2);
        }
    }

    private static int violations(File catalog) throws Exception {
        NodeList entries = DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(catalog).getElementsByTagName("uri");
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        List<IRI> names = new ArrayList<>();
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            IRI name = IRI.create(entry.getAttribute("name"));
            File file = new File(catalog.getParentFile(), entry.getAttribute("uri"));
            manager.getIRIMappers().add(new SimpleIRIMapper(name, IRI.create(file)));
            names.add(name);
        }
        int count = 0;
        for (IRI name : names) {
            OWLOntology ontology = manager.contains(name) ? manager.getOntology(name) : manager.loadOntology(name);
            for (OWLProfileViolation violation : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
                System.out.println(name + ": " + violation);
                count++;
            }
        }
        return count;
    }
}
